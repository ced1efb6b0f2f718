// Saves the answers as a CSV file. The script sends nothing, and keeps nothing in the browser.
"use strict";
(() => {
  const form = document.getElementById("answers");
  const status = document.getElementById("status");
  const pairs = [...document.querySelectorAll("article")];
  const questions = form.dataset.questions.split(" ");
  let unsaved = false;

  const answer = (pair, question) => form.elements[`${question}-${pair}`].value;
  const isComplete = (article) => questions.every((question) => answer(article.dataset.pair, question));
  const count = () => {
    status.textContent = `${pairs.filter(isComplete).length} of ${pairs.length} pairs answered`;
  };
  // A spreadsheet runs a cell as a formula if the cell begins with =, +, - or @. An apostrophe prevents this.
  const cell = (text) => `"${(/^[\s]*[=+\-@]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;
  const rows = (reader) =>
    pairs.map((article) => {
      const pair = article.dataset.pair;
      const answers = questions.map((question) => answer(pair, question));
      return [form.dataset.pack, reader, pair, ...answers, form.elements[`comment-${pair}`].value];
    });

  form.addEventListener("input", () => {
    unsaved = true;
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault(); // the browser has checked that the reader has a name
    const reader = form.elements.reader.value.trim();
    const lines = [form.dataset.columns.split(" "), ...rows(reader)].map((row) => row.map(cell).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = `answers-${reader.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault(); // the browser asks whether to leave
  });
  count();
})();
