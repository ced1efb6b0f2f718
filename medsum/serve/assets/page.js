// This script reads files in the browser, highlights turns and saves texts. It sends nothing to other servers.
(() => {
  const field = (id) => document.querySelector(`#${id} textarea, #${id} input`);
  const put = (id, text) => {
    const box = field(id);
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let lit = {}; // the button whose turns are highlighted
  const light = (button, pinned) => {
    lit = { button, pinned };
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
  // When a note is checked again, Gradio changes the turns in place. This removes the highlight of the present sentence.
  const lightAgain = () => {
    const { button, pinned } = lit;
    if (!button || !button.isConnected || document.querySelector(".lit")) return;
    if (document.getElementById(`turn-${button.dataset.turns.split(" ")[0]}`)) light(button, pinned);
  };
  const sentence = (event) => event.target.closest && event.target.closest("[data-turns]");
  document.addEventListener("mouseover", (event) => {
    if (sentence(event) && !document.querySelector(".sentence.pinned")) light(sentence(event), false);
  });
  document.addEventListener("focusin", (event) => sentence(event) && light(sentence(event), false));
  document.addEventListener("click", (event) => sentence(event) && light(sentence(event), true));
  document.addEventListener("keydown", (event) => event.key === "Escape" && light(null, false));

  // The texts of the sentences that a person accepted and of the flags that a person dismissed. A new note clears them.
  const settled = new Set();
  const item = (mark) => mark.closest("li");
  const key = (li) => li.querySelector(".sentence").textContent;
  const show = (li) => {
    const mark = li.querySelector(":scope > [data-mark=accept], :scope > [data-mark=dismiss]");
    const done = settled.has(key(li));
    if (mark.getAttribute("aria-pressed") !== String(done)) mark.setAttribute("aria-pressed", done);
    li.classList.toggle(mark.dataset.mark === "accept" ? "accepted" : "dismissed", done);
  };
  const settle = (li) => {
    if (!settled.delete(key(li))) settled.add(key(li));
    show(li);
  };

  // Selects the words of a sentence or a flag in the note. The positions must be converted, because Python counts
  // characters and JavaScript counts UTF-16 code units.
  const correct = (li) => {
    const box = field("summary");
    const units = (count) => Array.from(box.value).slice(0, count).join("").length;
    box.focus();
    box.setSelectionRange(units(li.dataset.start), units(li.dataset.end));
  };
  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest("[data-mark]");
    if (mark && mark.dataset.mark === "correct") correct(item(mark));
    else if (mark) settle(item(mark));
    if (event.target.id === "edit-dialogue") {
      document.getElementById("left").classList.add("editing");
      field("dialogue").focus();
    }
    if (event.target.closest && event.target.closest("#write")) {
      settled.clear();
      document.getElementById("left").classList.remove("editing");
    }
  });
  let lastDraft;
  // When a note is checked again, Gradio changes its elements in place. This removes the attributes that `show` has set.
  new MutationObserver(() => {
    document.querySelectorAll("li:has(> [data-mark])").forEach(show);
    requestAnimationFrame(lightAgain);
    const draft = document.querySelector("[data-draft]"); // for a new draft, the time until the signature begins here
    if (draft && draft.dataset.draft !== lastDraft) draft.dataset.at = Date.now();
    lastDraft = draft && draft.dataset.draft;
  }).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["aria-pressed", "data-draft"],
  });

  const copyNote = async () => {
    const box = field("summary");
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.select(); // this way works without HTTPS; browsers allow the clipboard only over HTTPS or on this machine
      document.execCommand("copy");
    }
  };
  const nextFlag = () => {
    const flags = [...document.querySelectorAll("li.flag:not(.dismissed) > .sentence")];
    const passed = flags.indexOf(lastFlag) + 1;
    lastFlag = flags[passed % flags.length];
    if (!lastFlag) return;
    lastFlag.focus();
    light(lastFlag, true);
  };
  let lastFlag;
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const li = document.activeElement.closest("li[data-start]") || (lastFlag && lastFlag.closest("li"));
    const does = {
      KeyN: nextFlag,
      KeyA: () => li && settle(li),
      KeyE: () => li && correct(li),
      KeyC: copyNote,
    }[event.code];
    if (!does) return;
    event.preventDefault();
    does();
  });

  // Returns the text of a UTF-8 file, or the bytes of another file; the server finds the format of the bytes.
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
  // Reads the chosen file. The server finds the dialogue or the rows in it.
  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-into]")) return;
    const file = input.files[0];
    if (!file) return;
    const note = document.getElementById(`${input.id}-note`);
    put(input.dataset.into, ""); // the earlier file is cleared, even if this file cannot be read
    if (file.size > 4000000) {
      note.textContent = `${file.name} has ${file.size} bytes, but only 4,000,000 are allowed.`;
      return;
    }
    const text = await textOrBytes(file);
    if (text.length > 4800000) {
      note.textContent = `${file.name} is too large for a document; give its text.`;
      return;
    }
    put(input.dataset.into, text);
    chosen += 1; // the name must change even if the same file is chosen again
    if (input.dataset.name) put(input.dataset.name, `${chosen} ${file.name}`);
    note.textContent = `${file.name} was read.`;
  });

  document.addEventListener("click", (event) => {
    if (event.target.matches && event.target.matches("input[type=file][data-into]")) event.target.value = ""; // so that the same file can be chosen again
  });

  // Refuses a pasted text that is too long, because it could stop the browser. The server checks the length too.
  document.addEventListener("paste", (event) => {
    if (!event.target.closest("#dialogue")) return;
    const length = event.clipboardData.getData("text").length;
    const note = document.getElementById("pick-one-note");
    note.textContent = "";
    if (length <= 200000) {
      const { selectionStart, selectionEnd, value } = event.target;
      const all = selectionStart === 0 && selectionEnd === value.length;
      if (all) document.querySelector("#replaced").click(); // this is another dialogue, so the earlier results are cleared
      return;
    }
    event.preventDefault();
    note.textContent = `The text has ${length} characters, but only 200,000 are allowed. Divide it into visits.`;
  });

  // Returns whether the results belong to another text than the present dialogue. Line ends are not compared, because a
  // browser changes them.
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
