"use strict";
// Fills the frames: pages arrive packed, are looked at one by one, and hold no script (their frames allow none).
(async () => {
  const packed = document.getElementById("pages").textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { pages, pictures } = JSON.parse(await new Response(stream).text());
  const dark = /\(\s*prefers-color-scheme:\s*dark\s*\)/g, light = /\(\s*prefers-color-scheme:\s*light\s*\)/g;

  const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;
  const dressed = (page, scheme) => page
    .replace(/\.\.\/assets\/([A-Za-z0-9_.-]+)/g, (all, name) => pictures[name] || "")
    .replace(dark, scheme === "dark" ? "(min-width: 0px)" : "(max-width: 0px)")
    .replace(light, scheme === "dark" ? "(max-width: 0px)" : "(min-width: 0px)");

  function show(frame) {
    const select = document.getElementById(frame.dataset.chooser);
    const scheme = chosen("scheme");
    const page = pages[Number(select ? select.value : frame.dataset.page)][Number(frame.dataset.side)];
    frame.style.colorScheme = scheme;
    frame.srcdoc = dressed(page, scheme);
  }
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watcher.unobserve(entry.target); show(entry.target); }
  }, { rootMargin: "600px" });
  const frames = [...document.querySelectorAll("iframe")];
  const again = (some) => some.forEach((frame) => { watcher.unobserve(frame); watcher.observe(frame); });

  for (const input of document.querySelectorAll(".bar input")) input.addEventListener("change", () => {
    document.body.classList.toggle("phone", chosen("width") === "phone");
    document.body.classList.toggle("dark", chosen("scheme") === "dark");
    again(frames);
  });
  for (const select of document.querySelectorAll(".choose select")) select.addEventListener("change", () => {
    const option = select.selectedOptions[0];
    for (const [side, words] of Object.entries(JSON.parse(option.dataset.lines)))
      document.getElementById(`${select.id}-${side}`).innerHTML = words;
    again(frames.filter((frame) => frame.dataset.chooser === select.id));
  });
  again(frames);
  document.body.classList.add("ready");
})();
