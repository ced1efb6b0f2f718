// Reads files in the browser, highlights turns, saves texts; sends nothing anywhere.
(() => {
  const field = (id) => document.querySelector(`#${id} textarea, #${id} input`);
  const put = (id, text) => {
    const box = field(id);
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const light = (button, pinned) => {
    document.querySelectorAll("[data-turn]").forEach((turn) => turn.classList.remove("lit"));
    document.querySelectorAll(".sentence.pinned").forEach((other) => other.classList.remove("pinned"));
    if (!button) return;
    if (pinned) button.classList.add("pinned");
    const numbers = button.dataset.turns.split(" ").filter(Boolean);
    numbers.forEach((number, index) => {
      const turn = document.getElementById(`turn-${number}`);
      if (!turn) return;
      turn.classList.add("lit");
      if (pinned && index === 0) turn.scrollIntoView({ block: "nearest" });
    });
  };
  const sentence = (event) => event.target.closest && event.target.closest("[data-turns]");
  document.addEventListener("mouseover", (event) => {
    if (sentence(event) && !document.querySelector(".sentence.pinned")) light(sentence(event), false);
  });
  document.addEventListener("focusin", (event) => sentence(event) && light(sentence(event), false));
  document.addEventListener("click", (event) => sentence(event) && light(sentence(event), true));
  document.addEventListener("keydown", (event) => event.key === "Escape" && light(null, false));

  // A file as its text where it is UTF-8; else its bytes, of which the server finds out what they are.
  const textOrBytes = async (file) => {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(await file.arrayBuffer()));
    } catch {
      return new Promise((resolve) => {
        const reader = new FileReader();
        reader.addEventListener("load", () => resolve(reader.result));
        reader.readAsDataURL(file);
      });
    }
  };

  let chosen = 0;
  // A dialogue file: text, JSON with a dialogue, or the first row of a CSV, which the server picks out.
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-into]")) return;
    const file = input.files[0];
    if (!file) return;
    const note = document.getElementById(`${input.id}-note`);
    put(input.dataset.into, ""); // whatever comes of this file, the last one is gone
    if (file.size > 4000000) {
      note.textContent = `${file.name} has ${file.size} bytes; 4,000,000 are allowed.`;
      return;
    }
    const text = await textOrBytes(file);
    if (text.length > 4800000) {
      note.textContent = `${file.name} is too large for a document; give its text.`;
      return;
    }
    put(input.dataset.into, text);
    chosen += 1; // so that the name changes where the same file was chosen again
    if (input.dataset.name) put(input.dataset.name, `${chosen} ${file.name}`);
    note.textContent = `${file.name} was read.`;
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches && event.target.matches("input[type=file][data-into]")) event.target.value = ""; // again
  });

  // A text so large that it would stop the browser; the server says the same of a smaller one that is too long.
  document.addEventListener("paste", (event) => {
    if (!event.target.closest("#dialogue")) return;
    const length = event.clipboardData.getData("text").length;
    const note = document.getElementById("pick-one-note");
    note.textContent = "";
    if (length <= 200000) {
      const { selectionStart, selectionEnd, value } = event.target;
      const all = selectionStart === 0 && selectionEnd === value.length;
      if (all) document.querySelector("#replaced").click(); // another dialogue: what the last one had goes
      return;
    }
    event.preventDefault();
    note.textContent = `The text has ${length} characters; 200,000 are allowed. Divide it into visits.`;
  });

  // Whether what was made, was made of another text than the dialogue that stands there; a browser changes line ends.
  const plain = (text) => (text || "").replace(/\r\n?/g, "\n");
  window.medsumEarlier = (dialogue, source) => Boolean(source) && plain(dialogue) !== plain(source);

  window.medsumSave = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
})();
