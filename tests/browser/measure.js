// What a page measures, in one call: everything that is too small, too pale, too wide or too near, each in words.
//
// options.width: of the window, in CSS pixels; options.print: nothing behind the words is printed; options.dark: the
// page is asked to be dark. A client that doesn't ask, and forces darkness on the light page, is emulated on the
// computed colours: "full" turns the lightness of every colour round and keeps its hue (Gmail's apps on iOS, Outlook on
// Windows), "partial" turns light grounds and dark words alone (Outlook.com, Gmail on Android).
(options) => {
  const found = { sideways: [], small: [], targets: [], faint: [], lines: [], columns: [], reach: [] };
  const width = options.width;
  const phone = width < 480;
  const quote = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);

  // ── colours ────────────────────────────────────────────────────────────────────────────────────────
  const parsed = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const lightness = ({ r, g, b }) => (Math.max(r, g, b) + Math.min(r, g, b)) / 510;
  const turned = (colour) => {
    // HSL with another lightness: every channel keeps its place between the two ends.
    const before = lightness(colour), after = 1 - before;
    const chroma = (Math.max(colour.r, colour.g, colour.b) - Math.min(colour.r, colour.g, colour.b)) / 255;
    const saturation = chroma === 0 ? 0 : chroma / (1 - Math.abs(2 * before - 1));
    const scale = chroma === 0 ? 0 : (saturation * (1 - Math.abs(2 * after - 1))) / chroma;
    const channel = (value) => 255 * (after + (value / 255 - before) * scale);
    return { r: channel(colour.r), g: channel(colour.g), b: channel(colour.b), a: colour.a };
  };
  const modes = {
    "as it is": [(ink) => ink, (ground) => ground],
    "forced dark, full": [turned, turned],
    "forced dark, partial": [
      (ink) => (lightness(ink) < 0.5 ? turned(ink) : ink),
      (ground) => (lightness(ground) > 0.5 ? turned(ground) : ground),
    ],
  };
  const luminance = ({ r, g, b }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const grounds = (element) => {
    const stack = [];
    for (let at = element; at; at = at.parentElement) {
      const colour = parsed(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) stack.push(colour);
      if (colour.a === 1) break;
    }
    return stack.reverse();
  };
  const white = { r: 255, g: 255, b: 255, a: 1 };

  // ── words ──────────────────────────────────────────────────────────────────────────────────────────
  const blockOf = (element) => {
    let at = element;
    while (getComputedStyle(at).display.startsWith("inline") && at.parentElement) at = at.parentElement;
    return at;
  };
  const seen = new Set(); // elements that were judged: each once, whatever pieces its words are in
  const lines = new Map(); // a block → the columns that its words take, by the height they stand at
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    const element = node.parentElement;
    const style = getComputedStyle(element);
    if (!boxes.length || style.visibility === "hidden") continue;
    for (const box of boxes)
      if (box.right > width + 0.5 || box.left < -0.5) found.sideways.push(`“${quote(node.data)}” to ${box.right}`);
    if (!phone && !options.print) measureLines(node, blockOf(element));
    judge(element, node.data);
  }
  for (const image of document.images) if (image.alt && !image.naturalWidth) judge(image, image.alt);
  function judge(element, words) {
    if (seen.has(element)) return;
    seen.add(element);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const least = element.closest(".cc-foot") ? 15 : 16;
    if (size < least) found.small.push(`“${quote(words)}” ${size} px`);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const stack = options.print ? [] : grounds(element);
    for (const [name, [inked, grounded]] of Object.entries(modes)) {
      if (name !== "as it is" && (options.print || options.dark)) continue;
      const canvas = options.print ? white : grounded(white);
      const ground = stack.map(grounded).reduce((below, top) => over(top, below), canvas);
      const ratio = contrast(over(inked(parsed(style.color)), ground), ground);
      if (ratio < (large ? 3 : 4.5)) found.faint.push(`“${quote(words)}” ${ratio.toFixed(2)}, ${name}`);
    }
  }
  function measureLines(node, block) {
    const byTop = lines.get(block) ?? new Map();
    lines.set(block, byTop);
    const range = document.createRange();
    for (const word of node.data.matchAll(/[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\uffef]+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = range.getClientRects();
      if (boxes.length !== 1) continue; // a word that was broken is no measure of a line
      const wide = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/.test(word[0]);
      const top = Math.round(boxes[0].top / 4);
      byTop.set(top, (byTop.get(top) ?? 0) + (wide ? 2 : word[0].length + 1));
    }
  }
  for (const [block, byTop] of lines)
    for (const columns of byTop.values())
      if (columns - 1 > options.columns) found.lines.push(`“${quote(block.innerText)}” ${columns - 1} columns`);

  // ── boxes ──────────────────────────────────────────────────────────────────────────────────────────
  if (document.documentElement.scrollWidth > width) found.sideways.push(`page ${document.documentElement.scrollWidth}`);
  for (const element of document.body.querySelectorAll("table, td, div, img, a")) {
    const box = element.getBoundingClientRect();
    if (box.width && box.height && (box.right > width + 0.5 || box.left < -0.5))
      found.sideways.push(`${element.tagName} ${element.className} ${box.left}–${box.right}`);
  }
  if (options.print) return found;
  for (const link of document.links) {
    const box = link.getBoundingClientRect();
    const block = blockOf(link.parentElement);
    const amid = getComputedStyle(link).display === "inline" && quote(block.innerText) !== quote(link.innerText);
    if (!box.width) continue;
    if (!amid && (box.height < 47.5 || box.width < 47.5))
      found.targets.push(`“${quote(link.innerText)}” ${box.width.toFixed()} × ${box.height.toFixed()} px`);
  }
  if (phone) {
    for (const column of document.querySelectorAll("[class*='mj-column-']"))
      if (column.getBoundingClientRect().width < 0.8 * width) found.columns.push(column.className);
    for (const cell of document.querySelectorAll("td")) {
      const box = cell.getBoundingClientRect();
      if (cell.innerText.trim() && box.width < 100) found.columns.push(`“${quote(cell.innerText)}” in ${box.width} px`);
    }
    const [first] = document.querySelectorAll(".cc-button a");
    if (first) {
      const box = first.getBoundingClientRect();
      if (box.width < 0.8 * width) found.reach.push(`“${quote(first.innerText)}” ${box.width} px wide`);
      if (box.top > 2 * 667) found.reach.push(`“${quote(first.innerText)}” ${box.top} px down`);
    }
  }
  return found;
}
