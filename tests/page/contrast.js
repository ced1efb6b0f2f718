// How well each visible text, and the border of each field, stands out from what is behind it: WCAG 2.1, 1.4.3, 1.4.11.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => { // any CSS colour as four numbers from 0 to 1
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return Array.from(canvas.getImageData(0, 0, 1, 1).data, (value) => value / 255);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const ratio = (one, two) => {
    const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
  const behind = (element) =>
    chain(element).reduce((below, part) => over(rgba(getComputedStyle(part).backgroundColor), below), [1, 1, 1]);
  const found = [];
  const measure = (what, element, color, background, least) => {
    const [red, green, blue, alpha] = rgba(color);
    const opacity = chain(element).reduce((product, part) => product * getComputedStyle(part).opacity, alpha);
    found.push({ what, ratio: ratio(over([red, green, blue, opacity], background), background), least });
  };
  const visible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && element.offsetWidth !== 1;
  const least = ({ fontSize, fontWeight }) => (parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24) ? 3 : 4.5);

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const [text, element] = [texts.currentNode.nodeValue.trim(), texts.currentNode.parentElement];
    if (!text || !visible(element)) continue;
    const style = getComputedStyle(element);
    measure(`text: ${text.slice(0, 40)}`, element, style.color, behind(element), least(style));
  }
  for (const field of document.querySelectorAll("input:not([type=file]), textarea")) {
    if (!visible(field)) continue;
    const name = field.getAttribute("aria-label") || field.placeholder || field.name || field.type;
    measure(`value: ${name}`, field, getComputedStyle(field).color, behind(field), 4.5);
    if (field.placeholder)
      measure(`placeholder: ${name}`, field, getComputedStyle(field, "::placeholder").color, behind(field), 4.5);
    const framed = chain(field).reverse().slice(0, 4).find((part) => parseFloat(getComputedStyle(part).borderTopWidth));
    measure(`border: ${name}`, framed, getComputedStyle(framed).borderTopColor, behind(framed.parentElement), 3);
  }
  return found;
}
