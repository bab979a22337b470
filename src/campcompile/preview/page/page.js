"use strict";
// The page of the preview. It asks the server on this machine, or (as files) what was packed beside it; nothing else.
(() => {
  // ── small tools ────────────────────────────────────────────────────────────────────────────────────

  const $ = (selector) => document.querySelector(selector);
  const kept = window.campcompile; // answers that were packed beside the page: then there is no server

  function h(name, properties, ...children) {
    const svg = ["svg", "g", "path", "circle", "rect", "line", "text", "title"].includes(name);
    const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key === "class") element.setAttribute("class", value);
      else if (value === true) element.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
    return element;
  }

  function fill(element, ...children) {
    element.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  }

  // Words with `code` in backticks.
  function said(text) {
    return String(text).split(/(`[^`]*`)/).map((part) => (/^`[^`]+`$/.test(part) ? h("code", {}, part.slice(1, -1)) : part));
  }

  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const SIGNS = { error: "✕", warning: "▲", info: "●" };
  const NAMES = { error: "error", warning: "warning", info: "note" };
  const MODES = { mail: "Mail", text: "Plain text", html: "HTML", mjml: "MJML", portal: "Portal" };
  const WIDTHS = { 320: "320", 375: "375", 640: "640", free: "Free" };
  const SCHEMES = { light: "Light", dark: "Dark", forced: "Forced dark" };

  // Nothing is drawn anew under a pressed button: the click would be lost. Who drags waits for nothing.
  let isPressed = false, isDragging = false, waiting = [];
  const calm = () => (isPressed && !isDragging ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());
  const release = () => { isPressed = isDragging = false; setTimeout(() => { const all = waiting; waiting = []; all.forEach((resolve) => resolve()); }); };
  document.addEventListener("pointerdown", () => { isPressed = true; }, true);
  for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, (event) => { if (end !== "blur" || event.target === window) release(); }, true);

  // ── state ──────────────────────────────────────────────────────────────────────────────────────────

  const state = {
    overview: null, mail: null, news: -1, revision: -1,
    view: "mail", campaign: "", email: "", locale: "", variant: "a", look: "1", person: "ordinary", typed: {},
    width: "375", scheme: "light", pictures: true, mode: "mail", tab: "findings", scope: "email", open: null, spot: null,
    moves: { starts: {}, booked: {}, cancelled: {}, unsubscribed: {}, withdrawn: {}, bounces: "" }, who: "sample", journey: null, base: "HEAD~1", extent: "email", signed: "words", compared: null,
  };
  const KEPT = ["view", "campaign", "email", "locale", "variant", "look", "person", "width", "scheme", "mode", "tab", "base", "extent", "signed"];

  function remember() {
    const address = new URLSearchParams(KEPT.filter((key) => state[key]).map((key) => [key, state[key]]));
    history.replaceState(null, "", `#${address}`);
  }
  function recall() {
    for (const [key, value] of new URLSearchParams(location.hash.slice(1))) if (KEPT.includes(key)) state[key] = value;
    if (!(state.width in WIDTHS)) state.width = "375";
    if (!(state.scheme in SCHEMES)) state.scheme = "light";
    if (!(state.mode in MODES)) state.mode = "mail";
    if (!(state.extent in EXTENTS)) state.extent = "email";
    if (!(state.signed in SIGNED)) state.signed = "words";
  }

  // ── asking ─────────────────────────────────────────────────────────────────────────────────────────

  const PARTS = { mail: ["campaign", "email", "locale", "variant", "look", "person"], measures: ["campaign", "email", "locale", "variant", "look"],
    account: ["campaign", "email"], rule: ["code"], overview: [], journey: [] };

  async function ask(question, asked = {}) {
    if (kept) return packed(question, asked);
    const answer = await fetch(`ask/${question}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) });
    if (!answer.ok) throw new Error(`${question}: ${answer.status}`);
    return answer.json();
  }
  function packed(question, asked) {
    const key = [question, ...(PARTS[question] || []).map((part) => asked[part] || "")].join("|");
    if (key in kept.answers) return kept.answers[key];
    const file = kept.files[key];
    if (!file) return {};
    return new Promise((resolve) => {
      const script = h("script", { src: `data/${file}`, onload: () => { script.remove(); resolve(kept.answers[key] || {}); }, onerror: () => resolve({}) });
      document.head.append(script);
    });
  }
  const chosen = () => ({ campaign: state.campaign, email: state.email, locale: state.locale, variant: state.variant, look: state.look, person: state.person, typed: state.typed });

  // Of several questions of a kind only the answer to the last one counts.
  const turns = {};
  const PAGE = kept ? "" : crypto.randomUUID(); // whoever asked for an e-mail is sent it again when it changes
  async function latest(kind, question, asked) {
    const turn = (turns[kind] = (turns[kind] || 0) + 1);
    const answer = await ask(question, kind === "mail" ? { ...asked, page: PAGE, turn } : asked);
    return turn === turns[kind] ? answer : null;
  }

  // ── the tree ───────────────────────────────────────────────────────────────────────────────────────

  function badges(counts) {
    const found = ["error", "warning", "info"].filter((severity) => counts[severity]);
    return h("span", { class: "badges" }, found.map((severity) =>
      h("span", { class: `badge ${severity}` }, String(counts[severity]), h("span", { class: "spoken" }, ` ${NAMES[severity]}${counts[severity] === 1 ? "" : "s"}`))));
  }
  function matching() {
    const wanted = $("#search").value.trim().toLowerCase();
    return state.overview.campaigns.map((campaign) => {
      const about = `${campaign.folder} ${campaign.title} ${campaign.code}`.toLowerCase();
      const emails = campaign.emails.filter((email) => !wanted || `${about} ${email.id} ${email.subject}`.toLowerCase().includes(wanted));
      return { ...campaign, emails };
    }).filter((campaign) => campaign.emails.length || (!wanted && !campaign.emails.length));
  }
  function drawTree() {
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.email : "";
    const rows = matching();
    fill($("#tree"), rows.map((campaign) => h("section", { class: campaign.lost ? "lost" : "" },
      h("h2", { title: campaign.title }, h("span", { class: "name" }, campaign.folder), campaign.lost && h("span", { class: "soft", title: "A part of its file can't be read: its e-mails are as they were" }, "broken"), badges(campaign.emails.length && !campaign.lost ? {} : campaign.counts)),
      h("ul", {}, campaign.emails.map((email) => {
        const current = campaign.folder === state.campaign && email.id === state.email;
        return h("li", {}, h("button", { type: "button", "aria-current": current ? "true" : null, "data-email": `${campaign.folder}/${email.id}`, title: [email.subject, email.when].filter(Boolean).join(" · "),
          onclick: () => choose(campaign.folder, email.id) }, h("span", { class: "id" }, email.id), badges(email.counts)));
      })))), rows.length ? "" : h("p", { class: "empty" }, state.overview.campaigns.length ? "Nothing is called so." : "There is no campaign yet."));
    if (focused) { const again = document.querySelector(`#tree [data-email="${CSS.escape(focused)}"]`); if (again) again.focus(); }
  }
  const campaignNow = () => state.overview && state.overview.campaigns.find((campaign) => campaign.folder === state.campaign);
  const emailNow = () => { const campaign = campaignNow(); return campaign && campaign.emails.find((email) => email.id === state.email); };

  function settle() { // what was chosen may have gone
    if (!emailNow()) {
      const first = state.overview.campaigns.find((campaign) => campaign.emails.length);
      if (!campaignNow() && first) { state.campaign = first.folder; state.email = first.emails[0].id; }
      else if (campaignNow() && !state.email && campaignNow().emails.length) state.email = campaignNow().emails[0].id;
    }
    const email = emailNow();
    if (!email) return;
    if (!email.locales.includes(state.locale)) state.locale = email.locales[0] || "";
    if (!email.variants.includes(state.variant)) state.variant = email.variants[0] || "a";
    if (!email.looks.includes(state.look)) state.look = email.looks[0] || "1";
  }
  function choose(folder, email, more = {}) {
    const other = folder !== state.campaign || email !== state.email;
    Object.assign(state, { campaign: folder, email, ...more });
    if (other) { state.spot = null; state.typed = {}; if (!more.keepOpen) state.open = null; }
    settle(); remember(); show(state.view === "compare" ? "compare" : "mail"); drawTree(); drawTools();
    return refreshMail(other);
  }
  function step(by) {
    const all = matching().flatMap((campaign) => campaign.emails.map((email) => [campaign.folder, email.id]));
    const at = all.findIndex(([folder, id]) => folder === state.campaign && id === state.email);
    const next = all[(at + by + all.length) % all.length];
    if (next) { choose(...next); const button = document.querySelector(`#tree [data-email="${CSS.escape(next.join("/"))}"]`); if (button) button.scrollIntoView({ block: "nearest" }); }
  }

  // ── the tools above the e-mail ─────────────────────────────────────────────────────────────────────

  function switcher(label, options, key, change) {
    return h("div", { class: "switch", role: "group", "aria-label": label }, Object.entries(options).map(([value, name]) =>
      h("button", { type: "button", "data-key": key, "data-value": value, "aria-pressed": String(state[key] === value), onclick: () => { state[key] = value; drawTools(); change(); remember(); } }, name)));
  }
  function select(label, options, key, change) {
    return h("label", {}, label, h("select", { "data-key": key, "data-again": key, onchange: (event) => { state[key] = event.target.value; change(); remember(); } },
      options.map(([value, name]) => h("option", { value, selected: value === state[key] }, name))));
  }
  function drawTools() {
    const email = emailNow();
    if (!email) { fill($("#tools")); return; }
    const at = document.activeElement && $("#tools").contains(document.activeElement) ? [document.activeElement.dataset.key, document.activeElement.dataset.value] : null;
    const languages = new Intl.DisplayNames(["en"], { type: "language" });
    const named = (locale) => { try { return `${languages.of(locale)} (${locale})`; } catch { return locale; } };
    const modes = Object.fromEntries(Object.entries(MODES).filter(([mode]) => mode !== "portal" || (state.mail && state.mail.portal)));
    fill($("#tools"),
      switcher("Width", WIDTHS, "width", fit),
      switcher("Colours", SCHEMES, "scheme", paint),
      h("div", { class: "switch" }, h("button", { type: "button", "data-key": "pictures", "aria-pressed": String(state.pictures), onclick: () => { state.pictures = !state.pictures; drawTools(); paint(); } }, "Pictures")),
      switcher("Form", modes, "mode", paint),
      select("Language", email.locales.map((locale) => [locale, named(locale)]), "locale", () => { state.typed = {}; refreshMail(true); }),
      email.variants.length > 1 && select("Variant", email.variants.map((variant) => [variant, variant]), "variant", () => refreshMail(true)),
      email.looks.length > 1 && select("Look", email.looks.map((look) => [look, look === "1" ? "the practice's" : `of a site (${look})`]), "look", () => refreshMail(true)),
      select("For", Object.entries(state.overview.people), "person", () => { state.typed = {}; refreshMail(false); }));
    if (at) { const again = [...$("#tools").querySelectorAll("[data-key]")].find((one) => one.dataset.key === at[0] && one.dataset.value === at[1]); if (again) again.focus(); }
  }

  // ── the e-mail ─────────────────────────────────────────────────────────────────────────────────────

  const frame = $("#frame");
  // What is put into it has no script (the frame is sandboxed) and no network: this policy stays whatever is put in.
  const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"><title>e-mail</title>`;
  const ready = (into) => new Promise((resolve) => { into.addEventListener("load", resolve, { once: true }); into.srcdoc = FRAME; });
  const frameReady = ready(frame);

  async function refreshMail(other = false) {
    if (!emailNow()) { state.mail = null; drawMail(true); return; }
    const asked = chosen();
    const before = state.mail;
    const mail = await latest("mail", "mail", asked);
    if (!mail || (state.mail !== before && state.mail && state.mail.revision > mail.revision)) return; // newer was sent meanwhile
    await takeMail(mail, other);
  }
  async function takeMail(mail, other) {
    await frameReady;
    state.mail = mail;
    if (other) state.spot = null;
    drawMail(other);
    afterPaint(() => calm().then(drawPanel));
  }
  function drawMail(other) {
    const mail = state.mail;
    if (!mail || mail.missing || mail.unprintable) { drawNothing(mail); return; }
    $("#device").hidden = false;
    const note = $("#stage .empty-stage"); if (note) note.remove();
    drawInbox(mail); drawPast(mail); paint(other);
  }
  function drawNothing(mail) {
    fill($("#inbox")); drawPast(mail && mail.problems && mail.problems.length ? mail : { past: false, problems: [] });
    $("#device").hidden = true;
    const words = mail && mail.unprintable ? ["This e-mail can't be printed for this person: ", ...said(mail.unprintable), "."]
      : !state.overview.campaigns.length ? ["There is no campaign yet: ", h("code", {}, "campcompile new NAME"), " makes one."]
      : ["This e-mail can't be shown", state.locale ? ` in ${state.locale}` : "", "."];
    const old = $("#stage .empty-stage"); if (old) old.remove();
    $("#stage").append(h("div", { class: "empty-stage" }, h("p", {}, words)));
  }
  function drawPast(mail) {
    const problems = mail.problems || [];
    $("#past").hidden = !mail.past && !problems.length;
    $("#device").classList.toggle("is-past", Boolean(mail.past));
    if ($("#past").hidden) return;
    $("#past").setAttribute("role", "alert");
    fill($("#past"), h("p", {}, h("b", {}, mail.past ? "This is the e-mail as it was when it was whole last." : "Something of this e-mail may be missing."), mail.past ? " It follows you again when this is mended:" : " First mend:"),
      h("ul", {}, problems.slice(0, 4).map((one) => h("li", {}, h("code", {}, `${one.path}:${one.line}`), " ", said(one.message), one.help ? h("span", { class: "soft" }, " – ", said(one.help)) : ""))),
      problems.length > 4 && h("p", {}, `and ${problems.length - 4} more`));
  }

  // A telephone's inbox: what is cut off there is cut off here. How much is seen is measured, and said.
  const pen = document.createElement("canvas").getContext("2d");
  function seen(text, font, room, lines) {
    pen.font = font;
    let end = 0;
    for (let line = 0; line < lines && end < text.length; line += 1) {
      let low = end, high = text.length;
      while (low < high) { const middle = (low + high + 1) >> 1; if (pen.measureText(text.slice(end, middle)).width <= room) low = middle; else high = middle - 1; }
      end = low;
    }
    return end;
  }
  function drawInbox(mail) {
    const note = (what, text, font, room, lines) => { const end = seen(text, font, room, lines); return end < text.length ? `${what} ${end} of ${text.length} characters` : ""; };
    const row = (kind, subject, lines, title) => {
      const notes = [note("subject", mail.subject, subject, kind === "apple" ? 334 : 300, 1), note("preheader", mail.preheader, kind === "apple" ? "14px sans-serif" : "13.5px sans-serif", kind === "apple" ? 334 : 300, lines)].filter(Boolean);
      return h("figure", {}, h("div", { class: `row ${kind}`, lang: mail.locale }, kind === "gmail" && h("span", { class: "face", "aria-hidden": "true" }, [...(mail.sender.name || mail.sender.email)][0]),
        h("p", { class: "from" }, h("b", {}, mail.sender.name || mail.sender.email), h("span", {}, "09:00")),
        h("p", { class: "subject", "data-spot": "subject", dir: "auto" }, mail.subject), h("p", { class: "preheader", "data-spot": "preheader", dir: "auto" }, mail.preheader)),
        h("figcaption", {}, title, notes.length ? `: shows ${notes.join(", ")}` : ": all is seen"));
    };
    fill($("#inbox"), row("apple", "15px sans-serif", 2, "iPhone"), row("gmail", "600 14px sans-serif", 1, "Gmail on Android"));
  }

  function fit() {
    const device = $("#device");
    const asSource = !$("#source").hidden;
    device.classList.toggle("free", state.width === "free" && !asSource);
    device.style.width = asSource ? "100%" : state.width === "free" ? "" : `${Number(state.width) + 2}px`;
    requestAnimationFrame(drawSpot);
  }
  const withoutMarks = (html) => html.replace(/<!--\/?cc\d+-->/g, "");

  function paint(other = false) {
    const mail = state.mail;
    if (!mail || !("html" in mail)) return;
    const mode = state.mode === "portal" && !mail.portal ? "mail" : state.mode;
    const asSource = mode === "text" || mode === "html" || mode === "mjml";
    $("#source").hidden = !asSource; frame.hidden = asSource;
    fit();
    if (asSource) {
      const top = $("#source").scrollTop;
      if (mode === "text") $("#source").textContent = mail.text;
      else fill($("#source"), coloured((mode === "html" ? withoutMarks(mail.html) : mail.mjml).trim()));
      $("#source").scrollTop = other === true ? 0 : top;
    } else {
      put(frame, mode === "portal" ? mail.portal : mail.html, other === true);
      drawSpot();
    }
    painted();
  }
  function coloured(source) {
    return source.split(/(<[^>]*>)/).map((part) => (part.startsWith("<") ? h("span", { class: part.startsWith("<!--") ? "mark" : "tag" }, part) : part));
  }
  function put(into, html, other) {
    const page = into.contentDocument;
    const scroller = page.scrollingElement;
    const place = scroller ? [scroller.scrollLeft, scroller.scrollTop] : [0, 0];
    const root = page.documentElement;
    const opening = /<html\b([^>]*)>/i.exec(html);
    for (const name of ["lang", "dir"]) {
      const found = opening && new RegExp(`\\b${name}="([^"]*)"`).exec(opening[1]);
      if (found) root.setAttribute(name, found[1]); else root.removeAttribute(name);
    }
    root.removeAttribute("style");
    root.innerHTML = html;
    for (const element of root.querySelectorAll("script, base, link, meta[http-equiv], iframe, object, embed, form")) element.remove();
    for (const link of root.querySelectorAll("[href]")) { link.dataset.leads = link.getAttribute("href"); link.setAttribute("href", "#"); link.removeAttribute("target"); if (!link.title) link.title = link.dataset.leads; }
    for (const image of root.querySelectorAll("img")) { image.decoding = "sync"; if (!state.pictures) image.removeAttribute("src"); }
    dress(into);
    const now = page.scrollingElement;
    if (now) now.scrollTo(...(other ? [0, 0] : place));
  }

  // Light: the page's own dark sheet is off. Dark: it is on, as where a mail program honours it. Forced: the light page
  // with every colour turned, as where a program doesn't ask.
  function dress(into) {
    const page = into.contentDocument;
    const dark = state.scheme === "dark";
    for (const sheet of page.querySelectorAll("style")) sheet.textContent = sheet.textContent.replaceAll(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/g, (_, of) => ((of === "dark") === dark ? "(min-width: 0px)" : "(max-width: 0px)"));
    page.documentElement.style.setProperty("color-scheme", dark ? "dark" : "light", "important");
    into.classList.toggle("dark", state.scheme !== "light");
    if (state.scheme === "forced") turn(page);
  }
  const COLOURS = ["background-color", "color", "border-top-color", "border-right-color", "border-bottom-color", "border-left-color"];
  function turn(page) {
    const turned = [];
    for (const element of [page.documentElement, ...page.querySelectorAll("body, body *")]) {
      if (element.tagName === "IMG") continue;
      const style = page.defaultView.getComputedStyle(element);
      for (const name of COLOURS) { const value = style.getPropertyValue(name); const other = turnedColour(value); if (other) turned.push([element, name, other]); }
    }
    page.documentElement.style.setProperty("background-color", "#121212", "important");
    for (const [element, name, value] of turned) element.style.setProperty(name, value, "important");
  }
  function turnedColour(value) {
    const found = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(value);
    if (!found || found[4] === "0") return "";
    const [red, green, blue] = found.slice(1, 4).map((part) => part / 255);
    const most = Math.max(red, green, blue), least = Math.min(red, green, blue), light = (most + least) / 2, span = most - least;
    const colourful = span ? span / (1 - Math.abs(2 * light - 1)) : 0;
    const hue = !span ? 0 : most === red ? ((green - blue) / span + 6) % 6 : most === green ? (blue - red) / span + 2 : (red - green) / span + 4;
    return `hsl(${Math.round(hue * 60)} ${Math.round(colourful * 90)}% ${Math.round((1 - light) * 86 + 7)}%)`;
  }

  function afterPaint(then) {
    requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = then; channel.port2.postMessage(0); });
  }
  // When the browser has shown it: benchmarks and tests read it, and the server goes on with the findings.
  let toldOf = -1;
  function painted() {
    const revision = state.mail.revision;
    afterPaint(() => {
      document.documentElement.dataset.painted = `${revision} ${(performance.timeOrigin + performance.now()).toFixed(1)}`;
      if (!kept && revision !== toldOf) { toldOf = revision; ask("painted", { revision }).catch(() => {}); }
    });
  }

  // ── spots: from a finding to the place in the e-mail, and back ─────────────────────────────────────

  // Where a place in a file shows: a block's number, "subject", "preheader"; null where it shows nowhere.
  function whereOf(found) {
    const places = ((state.mail && state.mail.places) || []).filter((place) => place.path === found.path && place.start <= found.start && found.start <= place.end);
    return places.sort((one, other) => one.end - one.start - (other.end - other.start))[0] || null;
  }
  function regionOf(number, page = frame.contentDocument) {
    const walker = page.createTreeWalker(page.documentElement, NodeFilter.SHOW_COMMENT);
    const range = page.createRange();
    let first = null, open = null, last = null; // a mark without an end stands before the element that is meant
    const close = () => { if (open) last = open.nextElementSibling || open; open = null; };
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data === `cc${number}`) { close(); first = first || node; open = node; }
      if (node.data === `/cc${number}`) { last = node; open = null; }
    }
    close();
    if (!first) return null;
    range.setStartBefore(first);
    range.setEndAfter(last);
    return range;
  }
  function narrowed(range, words) { // the very words inside a block, where they stand there as they were written
    const wanted = words.replace(/\s+/g, " ").trim();
    if (wanted.length < 2) return range;
    const walker = frame.contentDocument.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!range.intersectsNode(node)) continue;
      const at = node.data.replace(/\s/g, " ").indexOf(wanted);
      if (at >= 0) { const found = frame.contentDocument.createRange(); found.setStart(node, at); found.setEnd(node, at + wanted.length); return found; }
    }
    return range;
  }
  function drawSpot(move = false) {
    for (const element of document.querySelectorAll(".spotted")) element.classList.remove("spotted");
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    for (const old of page.querySelectorAll("[data-cc-spot]")) old.remove();
    const spot = state.spot;
    if (!spot) return;
    if (typeof spot.where === "string") { for (const element of document.querySelectorAll(`[data-spot="${spot.where}"]`)) element.classList.add("spotted"); return; }
    if (frame.hidden) return;
    const region = regionOf(spot.where);
    if (!region) return;
    const range = spot.words ? narrowed(region, spot.words) : region;
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) return;
    const root = page.scrollingElement;
    const left = Math.min(...boxes.map((box) => box.left)), top = Math.min(...boxes.map((box) => box.top));
    const right = Math.max(...boxes.map((box) => box.right)), bottom = Math.max(...boxes.map((box) => box.bottom));
    const sign = page.createElement("div");
    sign.dataset.ccSpot = "";
    sign.style.cssText = `all:initial;position:absolute;pointer-events:none;z-index:9999;box-sizing:border-box;border:3px solid #1b66d1;border-radius:5px;background:#1b66d11f;left:${left + root.scrollLeft - 5}px;top:${top + root.scrollTop - 5}px;width:${right - left + 10}px;height:${bottom - top + 10}px`;
    page.body.append(sign);
    if (move) root.scrollTo({ top: Math.max(0, top + root.scrollTop - 120) });
  }
  frameReady.then(() => {
    const page = frame.contentDocument;
    page.addEventListener("click", (event) => { event.preventDefault(); spotAt(event.target); });
    page.addEventListener("keydown", onKey);
  });
  function spotAt(target) {
    const page = frame.contentDocument;
    const walker = page.createTreeWalker(page.documentElement, NodeFilter.SHOW_COMMENT);
    let number = null;
    while (walker.nextNode()) {
      const node = walker.currentNode, found = /^cc(\d+)$/.exec(node.data);
      if (!found) continue;
      const region = regionOf(Number(found[1]));
      if (region && region.intersectsNode(target)) { number = Number(found[1]); break; }
    }
    state.spot = number === null ? null : { where: number, words: "" };
    if (number !== null) { state.tab = "findings"; }
    drawSpot(); drawPanel();
  }

  // ── the side ───────────────────────────────────────────────────────────────────────────────────────

  const TABS = { findings: "Findings", person: "Person", measures: "Measures", about: "About" };
  function drawTabs() {
    const count = state.overview ? inScope("email").length : 0;
    fill($("#tabs"), Object.entries(TABS).map(([tab, name]) => h("button", { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": "panel", "aria-selected": String(state.tab === tab), tabindex: state.tab === tab ? "0" : "-1",
      onclick: () => { state.tab = tab; remember(); drawPanel(); }, onkeydown: (event) => {
        const names = Object.keys(TABS), by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (by) { event.preventDefault(); state.tab = names[(names.indexOf(tab) + by + names.length) % names.length]; remember(); drawPanel(); $(`#tab-${state.tab}`).focus(); }
      } }, name, tab === "findings" && count ? ` ${count}` : "")));
    $("#panel").setAttribute("aria-labelledby", `tab-${state.tab}`);
  }
  function drawPanel() {
    const focused = document.activeElement;
    const again = focused && $("#side").contains(focused) ? focused.dataset.again || (focused.id.startsWith("tab-") ? `#${focused.id}` : "") : "";
    drawTabs();
    ({ findings: drawFindings, person: drawPerson, measures: drawMeasures, about: drawAbout })[state.tab]();
    if (again) { const element = again.startsWith("#") ? $(again) : document.querySelector(`[data-again="${CSS.escape(again)}"]`); if (element && element !== document.activeElement) element.focus(); }
  }
  function inScope(scope) {
    return (state.overview.findings || []).filter((found) => scope === "all" || (found.campaign === state.campaign && (scope === "campaign" || found.email === state.email || found.email === "")) || (scope === "email" && found.campaign === "" && whereOf(found)));
  }
  function drawFindings() {
    const scopes = { email: "This e-mail", campaign: "Campaign", all: "All" };
    const found = inScope(state.scope);
    const place = state.spot && typeof state.spot.where === "number" ? (state.mail.places || []).find((one) => one.where === state.spot.where) : null;
    fill($("#panel"), h("div", { class: "chips" }, switcher("Which findings", scopes, "scope", drawPanel)),
      place && h("p", { class: "small" }, "This spot is ", h("code", {}, place.kind), ", written at ", h("code", {}, `${place.path}:${place.line}`), ". ", editorLink(place, "inline")),
      found.length ? found.map(card) : h("p", { class: "soft" }, state.overview.judged === state.overview.revision ? "Nothing found here." : "Nothing found here so far; checking."));
  }
  const keyOf = (found) => `${found.code} ${found.path} ${found.start} ${found.message}`;
  function editorLink(place, kind = "plain") {
    const { root, editor } = state.overview;
    if (!editor || !root) return "";
    const fields = { path: encodeURI(`${root}/${place.path}`), line: place.line || 1, column: place.column || 1 };
    return h("a", { class: kind, href: editor.replace(/\{(path|line|column)\}/g, (_, name) => fields[name]) }, "Open in editor");
  }
  function card(found) {
    const key = keyOf(found), open = state.open === key;
    const hereOpen = () => {
      state.open = open ? null : key;
      if (!open) goTo(found); else { state.spot = null; drawSpot(); drawPanel(); }
    };
    return h("article", { class: `card ${found.severity}` },
      h("button", { type: "button", "aria-expanded": String(open), "data-again": key, onclick: hereOpen },
        h("span", { class: "head" }, h("b", {}, SIGNS[found.severity], " ", found.code), h("span", {}, NAMES[found.severity]), h("span", { class: "where" }, `${found.path.replace(/^campaigns\/([^/]+)\//, found.campaign === state.campaign ? "" : "$1/")}:${found.line}`)),
        h("span", { class: "says" }, said(found.message))),
      open && h("div", { class: "more" }, lines(found), found.help && h("p", {}, said(found.help)),
        found.flow.length ? flow(found) : "",
        found.related.map((one) => h("p", { class: "small" }, h("code", {}, `${one.path}:${one.line}`), " ", said(one.text))),
        found.fixes.map((fix) => h("p", { class: "small" }, fix.kind === "safe" ? "campcompile lint --fix would " : "one way: ", said(fix.title))),
        h("div", { class: "actions" }, editorLink(found), h("button", { type: "button", class: "plain", "data-again": `${key} explain`, "aria-expanded": "false", onclick: (event) => explain(event.currentTarget, found.code) }, "Explain"))));
  }
  async function goTo(found) {
    if (found.campaign && found.email && (found.campaign !== state.campaign || found.email !== state.email || (found.locale && found.locale !== state.locale))) {
      const email = state.overview.campaigns.find((one) => one.folder === found.campaign).emails.find((one) => one.id === found.email);
      await choose(found.campaign, found.email, { keepOpen: true, ...(email && email.locales.includes(found.locale) ? { locale: found.locale } : {}) });
      drawTools();
    }
    const place = whereOf(found);
    const line = found.lines.find((one) => one.number === found.line);
    const words = line && found.end_line === found.line ? line.text.slice(found.column - 1, found.end_column - 1) : "";
    state.spot = place ? { where: place.where, words } : null;
    drawSpot(true); drawPanel();
  }
  function lines(found) {
    return h("div", { class: "lines", tabindex: "0", role: "region", "aria-label": `${found.path}, line ${found.line}` }, found.lines.map((line) => {
      const hit = line.number >= found.line && line.number <= found.end_line;
      const from = line.number === found.line ? found.column - 1 : 0;
      const to = line.number === found.end_line ? Math.max(found.end_column - 1, from + 1) : line.text.length;
      const points = [...line.text];
      const text = hit && !line.private ? [points.slice(0, from).join(""), h("mark", {}, points.slice(from, to).join("")), points.slice(to).join("")] : line.text;
      return h("div", { class: hit ? "hit" : "" }, h("span", { class: "n" }, String(line.number)), h("span", {}, text));
    }));
  }
  function flow(found) {
    return h("ol", { class: "flow", "aria-label": "How it gets there" }, found.flow.map((one) => h("li", {}, one.text ? [said(one.text), h("br")] : "", h("code", { class: "soft" }, `${one.path}:${one.line}`), one.quote ? [" ", h("code", {}, one.quote)] : "")));
  }
  async function explain(button, code) {
    const more = button.closest(".more"), old = more.querySelector(".manual");
    button.setAttribute("aria-expanded", String(!old));
    if (old) { old.remove(); return; }
    const rule = await ask("rule", { code });
    more.append(h("div", { class: "manual" }, manual(rule.manual || "There is no page about it.")));
  }
  function manual(text) { // headings, fenced code, lists, paragraphs, *stressed words*: all that a manual page has
    const made = [];
    const spoken = (words) => said(words.replace(/\s+/g, " ")).flatMap((part) => (typeof part !== "string" ? part : part.split(/(\*[^*\s](?:[^*]*[^*\s])?\*)/).map((one) => (/^\*.+\*$/.test(one) ? h("em", {}, one.slice(1, -1)) : one))));
    text.split(/^```\w*\n([\s\S]*?)^```$/m).forEach((part, index) => {
      if (index % 2) { made.push(h("pre", { tabindex: "0" }, part.trimEnd())); return; }
      for (const block of part.split(/\n(?=## )|\n\n+/).map((one) => one.trim()).filter(Boolean)) {
        const heading = /^## (.*)(?:\n+([\s\S]*))?$/.exec(block);
        if (heading) made.push(h("h3", {}, spoken(heading[1])));
        const rest = heading ? heading[2] : block;
        if (!rest) continue;
        if (/^[-*] /.test(rest)) made.push(h("ul", {}, rest.split(/\n(?=[-*] )/).map((one) => h("li", {}, spoken(one.slice(2))))));
        else made.push(h("p", {}, spoken(rest)));
      }
    });
    return made;
  }

  // The person's fields, changed in place.
  let typing = 0;
  function drawPerson() {
    const mail = state.mail;
    if (!mail || !mail.person) { fill($("#panel"), h("p", { class: "soft" }, "Nobody to show.")); return; }
    const change = (name, value) => { state.typed[name] = value; clearTimeout(typing); typing = setTimeout(() => refreshMail(false), 60); };
    fill($("#panel"), h("p", { class: "small soft" }, "Made up. What this e-mail reads about its reader; change it, and the e-mail changes."),
      mail.person.length ? h("div", { class: "fields" }, mail.person.map((field) => h("label", {}, h("span", {}, h("code", {}, field.name), h("span", { class: "of" }, ` ${field.type}, ${field.label}`)),
        field.choices.length ? h("select", { "data-again": field.name, disabled: Boolean(kept), onchange: (event) => change(field.name, event.target.value) }, ["", ...field.choices].map((choice) => h("option", { value: choice, selected: choice === field.text }, choice || "(missing)")))
          : h("input", { type: "text", "data-again": field.name, value: field.text, disabled: Boolean(kept), dir: "auto", placeholder: field.lacking ? "the e-mail can't do without" : "missing", "aria-invalid": field.problem ? "true" : null, oninput: (event) => change(field.name, event.target.value) }),
        field.problem ? h("span", { class: "wrong" }, said(field.problem)) : "",
        field.lacking && !field.problem ? h("span", { class: "of" }, "missing, and printed: shown as for somebody ordinary") : ""))) : h("p", {}, "It reads nothing about anybody."),
      Object.keys(state.typed).length ? h("p", {}, h("button", { type: "button", class: "plain", "data-again": "reset", onclick: () => { state.typed = {}; refreshMail(false); } }, "As it was")) : "",
      tests());
  }
  function tests() {
    const to = (state.overview && state.overview.testers) || [];
    if (!to.length) return "";
    const result = h("p", { role: "status", class: "small" });
    const choice = h("select", { id: "test-to" }, to.map((address) => h("option", { value: address }, address)));
    return [h("h2", {}, "Send me a test"), h("p", { class: "small soft" }, "Marked as a test, through the mail server that the preview was started with."),
      h("div", { class: "actions" }, h("label", {}, h("span", { class: "spoken" }, "To"), choice), h("button", { type: "button", class: "plain", onclick: async () => {
        result.textContent = "Sending…";
        const told = await ask("test", { ...chosen(), to: choice.value });
        result.textContent = told.sent ? `Sent to ${told.sent}.` : `Not sent: ${told.trouble}${told.help ? ` (${told.help})` : ""}`;
      } }, "Send")), result];
  }

  async function drawMeasures() {
    if (!state.mail || state.mail.missing) { fill($("#panel"), h("p", { class: "soft" }, "Nothing to measure.")); return; }
    const found = await latest("measures", "measures", chosen());
    if (!found || state.tab !== "measures" || !found.weight) return;
    const { weight, reading, contrast, clients, links, targets } = found;
    const share = weight.html / weight.clip;
    const kilo = (bytes) => `${Math.round(bytes / 1000).toLocaleString("en")} kB`;
    const bar = (part, state_) => { const fillBar = h("i"); fillBar.style.width = `${Math.min(100, Math.max(1, part * 100))}%`; return h("div", { class: `bar ${state_}`, "aria-hidden": "true" }, fillBar); };
    const pairs = (rows) => h("table", {}, h("tbody", {}, rows.slice(0, 6).map((row) => {
      const swatch = h("span", { class: "swatch" }, "Aa"); swatch.style.color = row.colour; swatch.style.background = row.ground;
      return h("tr", {}, h("td", {}, h("span", { "aria-hidden": "true" }, swatch)), h("td", {}, `${row.colour} on ${row.ground}`), h("td", { class: row.ratio < row.least ? "fails" : "" }, `${row.ratio} : 1`, row.ratio < row.least ? ` (${row.least} needed)` : ""));
    })));
    const how = reading && Math.abs(reading.score - reading.easy) / Math.abs(reading.hard - reading.easy);
    fill($("#panel"), h("h2", {}, "Weight"), h("p", {}, `${kilo(weight.html)} of HTML; Gmail cuts at about ${kilo(weight.clip)}.`), bar(share, share > 1 ? "over" : share > 0.85 ? "near" : ""),
      h("p", { class: "small soft" }, `Text ${kilo(weight.text)}, pictures ${kilo(weight.pictures)}. At its longest, whoever reads it.`),
      h("h2", {}, "Reading"), reading ? [h("p", {}, `${reading.measure}: ${reading.score}. The limit is ${reading.most}.`), bar(how, (reading.score > reading.most) === (reading.hard > reading.easy) ? "over" : ""), h("p", { class: "small soft" }, `${counted(reading.words, "word")} in ${counted(reading.sentences, "sentence")} of running text.`)] : h("p", { class: "soft" }, "No running text, or no measure for this language."),
      h("h2", {}, "Contrast, light"), pairs(contrast.light), h("h2", {}, "Contrast, dark"), pairs(contrast.dark),
      targets === null ? "" : h("p", { class: "small" }, `The smallest thing to tap is ${targets} px high.`),
      h("h2", {}, "Mail programs"), clients.length ? h("table", {}, h("tbody", {}, clients.map((one) => h("tr", {}, h("td", {}, h("code", {}, one.shown)), h("td", {}, `${one.clients}: ${one.how}`))))) : h("p", { class: "soft" }, "Nothing in it that a program of this practice's readers is known to drop."),
      h("h2", {}, `Links (${links.length})`), h("table", {}, h("tbody", {}, links.map((link) => h("tr", {}, h("td", {}, link.words || "(picture)"), h("td", {}, h("code", {}, link.address)))))));
  }
  async function drawAbout() {
    const told = await latest("account", "account", { campaign: state.campaign, email: state.email });
    if (!told || state.tab !== "about") return;
    fill($("#panel"), told.lines ? h("div", { class: "account" }, told.lines.map((line, index) => (index === 0 ? h("h2", {}, line) : !line ? "" : !line.startsWith(" ") ? (index === 1 ? h("p", { class: "soft small" }, line) : h("h3", {}, line)) : / {2,}/.test(line.trim()) ? h("p", { class: "line cell", tabindex: "0" }, h("code", {}, line.trim())) : h("p", { class: "line" }, said(line.trim()))))) : h("p", { class: "soft" }, "Nothing is known about it yet."));
  }

  // ── the journey ────────────────────────────────────────────────────────────────────────────────────

  const DAY = 86400000, LEFT = 190, RIGHT = 24, WIDE = 1100, TOP = 46;
  const STATUS = { sent: "goes when due", deferred: "goes later than due", dropped: "dropped", cancelled: "cancelled", expired: "expired" };
  // An instant of the answer is told with the practice's own offset: what its clocks show is the text itself.
  const wall = (text) => text.slice(0, 16);
  const told = (text) => { const at = new Date(`${wall(text)}Z`); return at.toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" }); };
  const dayOf = (text) => new Date(`${wall(text)}Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const offset = (text) => text.slice(16).replace(/^:\d\d/, "");
  const shifted = (text, days) => new Date(new Date(`${wall(text)}Z`).getTime() + days * DAY).toISOString().slice(0, 16) + offset(text);
  const at = (text) => new Date(`${wall(text)}Z`).getTime();

  async function refreshJourney() {
    const before = state.journey;
    $("#journey-view").setAttribute("aria-busy", "true");
    const journey = await latest("journey", "journey", { moves: state.moves, who: state.who });
    if (!journey) return;
    const turn = turns.journey;
    await calm();
    if (turn !== turns.journey) return; // somebody has moved on meanwhile
    $("#journey-view").removeAttribute("aria-busy");
    state.journey = journey;
    if (state.view === "journey") drawJourney(before);
  }
  function drawJourney(before) {
    const journey = state.journey, room = $("#journey-view");
    if (!journey) { fill(room, h("p", { class: "soft" }, "Working it out…")); return; }
    if (journey.trouble) { fill(room, h("h2", {}, "Journey"), h("p", {}, said(journey.trouble))); return; }
    const focused = document.activeElement && room.contains(document.activeElement) ? document.activeElement.dataset.again : "";
    const top = room.scrollTop;
    fill(room, h("h2", {}, "One person, all campaigns"), h("p", { class: "soft" }, `Made up, from ${told(journey.since).slice(0, -7)} on; times are those of ${journey.zone}. ${journey.quiet ? `Quiet hours ${journey.quiet}. ` : ""}`, h("b", {}, journey.total), "."),
      kept ? "" : h("p", { class: "tools bare" }, select("Whose", Object.entries(journey.who), "who", forget)), kept ? "" : happenings(journey), legend(), h("div", { class: "story", tabindex: "0", role: "group", "aria-label": "Drawing of the journey; the table below says the same" }, drawing(journey)), outcomes(journey, before),
      h("details", {}, h("summary", {}, "This person as a file for campcompile simulate"), h("pre", { class: "source", tabindex: "0" }, journey.file)));
    room.scrollTop = top;
    if (focused) { const again = room.querySelector(`[data-again="${CSS.escape(focused)}"]`); if (again) again.focus(); }
  }
  function forget() {
    state.moves = { starts: {}, booked: {}, cancelled: {}, unsubscribed: {}, withdrawn: {}, bounces: "" };
    refreshJourney();
  }
  function move(kind, id, value) {
    if (value) state.moves[kind][id] = value; else delete state.moves[kind][id];
    refreshJourney();
  }
  function happenings(journey) {
    const instant = (label, value, again, change) => h("label", {}, label, h("input", { type: "datetime-local", value: wall(value), "data-again": again, onchange: (event) => event.target.value && change(event.target.value + offset(journey.since)) }));
    const toggle = (label, checked, again, change) => h("label", {}, h("input", { type: "checkbox", checked, "data-again": again, onchange: (event) => change(event.target.checked) }), label);
    const today = shifted(journey.since, 7).slice(0, 11) + "12:00" + offset(journey.since);
    return h("div", { class: "happenings" }, journey.rows.map((row) => h("fieldset", {}, h("legend", {}, row.id),
      instant("on", row.at, `${row.id} at`, (value) => move("starts", row.id, value)),
      toggle("booked late", Boolean(row.booked), `${row.id} late`, (on) => move("booked", row.id, on ? shifted(row.at, -2) : "")),
      row.booked && instant("known from", row.booked, `${row.id} booked`, (value) => move("booked", row.id, value)),
      row.can_be_cancelled && toggle("cancelled", Boolean(row.cancelled), `${row.id} off`, (on) => move("cancelled", row.id, on ? shifted(row.at, -4) : "")),
      row.cancelled && instant("at", row.cancelled, `${row.id} cancelled`, (value) => move("cancelled", row.id, value)))),
      h("fieldset", {}, h("legend", {}, "The person"),
        journey.layers.map((layer) => toggle(`unsubscribes from ${layer}`, layer in state.moves.unsubscribed, `layer ${layer}`, (on) => move("unsubscribed", layer, on ? today : ""))),
        Object.keys(journey.consents).map((name) => toggle(`withdraws consent ${name}`, name in state.moves.withdrawn, `consent ${name}`, (on) => move("withdrawn", name, on ? today : ""))),
        toggle("mailbox bounces", Boolean(state.moves.bounces), "bounces", (on) => { state.moves.bounces = on ? today : ""; refreshJourney(); }),
        h("button", { type: "button", class: "plain", "data-again": "again", onclick: forget }, "As it was")));
  }
  function shape(status, x, y) {
    switch (status) {
      case "sent": return h("circle", { class: "sent mark", cx: x, cy: y, r: 5.5 });
      case "deferred": return h("path", { class: "deferred mark", d: `M${x - 5} ${y - 5.5}l10 5.5l-10 5.5z` });
      case "dropped": return h("path", { class: "dropped mark", d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });
      case "cancelled": return h("path", { class: "cancelled mark", d: `M${x - 5.5} ${y}a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0m1.6 3.9l7.8 -7.8` });
      default: return h("path", { class: "expired mark", d: `M${x} ${y - 6.5}l6.5 6.5l-6.5 6.5l-6.5 -6.5z` });
    }
  }
  const legend = () => h("ul", { class: "legend story-legend", "aria-label": "Signs of the drawing" }, Object.entries(STATUS).map(([status, words]) => h("li", { class: "story-sign" }, h("span", { class: "story", style: "border:0;box-shadow:none;background:none;margin:0;display:inline" }, (() => { const svg = h("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, shape(status, 8, 8)); svg.style.minWidth = "16px"; svg.style.width = "16px"; svg.style.display = "inline"; return svg; })()), words)));
  function drawing(journey) {
    const since = at(journey.since), until = at(journey.until);
    const x = (instant) => Math.round((LEFT + Math.max(0, Math.min(1, (instant - since) / (until - since))) * (WIDE - LEFT - RIGHT)) * 10) / 10;
    const lanes = new Map();
    for (const one of journey.outcomes) {
      const levels = lanes.get(one.campaign) || lanes.set(one.campaign, []).get(one.campaign);
      const begin = one.status === "deferred" ? Math.min(x(at(one.due)), x(at(one.at))) : x(at(one.at));
      let level = levels.find((row) => x(at(row[row.length - 1].at)) + 15 <= begin);
      if (!level) levels.push((level = []));
      level.push(one);
    }
    const rows = journey.rows.length * 26 + journey.gates.length * 22 + 8;
    const tall = TOP + rows + 24 + [...lanes.values()].reduce((sum, levels) => sum + levels.length * 22 + 12, 0) + 12;
    const svg = h("svg", { viewBox: `0 0 ${WIDE} ${tall}`, role: "group", "aria-label": journey.total });
    for (let day = since; day <= until; day += DAY) {
      const date = new Date(day);
      if (date.getUTCDay() !== 1) continue;
      svg.append(h("line", { class: "grid", x1: x(day), x2: x(day), y1: TOP - 10, y2: tall - 6 }), h("text", { class: "softly", x: x(day), y: 32 }, String(date.getUTCDate())));
      if (date.getUTCDate() <= 7 || day - since < 7 * DAY) svg.append(h("text", { x: x(day), y: 15 }, date.toLocaleString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" })));
    }
    const today = since + 7 * DAY;
    svg.append(h("line", { class: "today", x1: x(today), x2: x(today), y1: TOP - 10, y2: tall - 6 }), h("text", { class: "softly", x: x(today) + 4, y: TOP + 2 }, "today"));
    let y = TOP + 12;
    for (const row of journey.rows) { svg.append(h("text", { x: 10, y: y + 5 }, row.id), handle(row, journey, x, y, tall)); y += 26; }
    for (const gate of journey.gates) { svg.append(h("text", { x: 10, y: y + 5 }, gate.name), ...band(gate, x, y, since, until)); y += 22; }
    svg.append(h("text", { class: "softly", x: 10, y: y + 8 }, "what happens"));
    for (const change of journey.changes) svg.append(h("path", { class: "happens", d: `M${x(at(change.at))} ${y - 2}l6 12h-12z` }, h("title", {}, `${told(change.at)}: ${change.words}`)));
    y += 20;
    let number = 0;
    for (const [folder, levels] of lanes) {
      const high = levels.length * 22 + 12;
      if (number % 2 === 0) svg.append(h("rect", { class: "band", x: 0, y, width: WIDE, height: high }));
      svg.append(h("text", { x: 10, y: y + high / 2 + 4.5 }, folder.length > 25 ? `${folder.slice(0, 24)}…` : folder));
      levels.forEach((level, index) => level.forEach((one) => svg.append(mark(one, x, y + 6 + index * 22 + 11))));
      y += high; number += 1;
    }
    return svg;
  }
  // As long as a gate is open, mail passes; where it shuts there is a post.
  function band(gate, x, y, since, until) {
    const from = gate.since ? Math.min(Math.max(at(gate.since), since), until) : since, to = gate.until ? Math.max(Math.min(at(gate.until), until), from) : until;
    const words = `${gate.name}: ${gate.since ? `from ${dayOf(gate.since)} ` : ""}${gate.until ? `to ${dayOf(gate.until)}` : gate.since ? "on" : "all the time"}`;
    return [h("rect", { class: "gate open", x: x(from), y: y - 4, width: Math.max(x(to) - x(from), 0), height: 8, rx: 4 }, h("title", {}, words)),
      to < until ? h("path", { class: "gate shut", d: `M${x(to)} ${y - 9}v18M${x(to) + 5} ${y}H${x(until)}` }, h("title", {}, words)) : ""];
  }
  function mark(one, x, y) {
    const words = `${one.email}: ${one.status}, ${told(one.at)}${one.why.length ? `: ${one.why.map((why) => why.words).join("; ")}` : ""}`;
    const go = () => choose(one.campaign, one.email);
    return h("g", { class: "one", tabindex: "0", role: "button", "aria-label": words, onclick: go, onkeydown: (event) => { if (event.key === "Enter") go(); } }, h("title", {}, words),
      one.status === "deferred" && x(at(one.due)) < x(at(one.at)) ? h("path", { class: "deferred tail", d: `M${x(at(one.due))} ${y - 4}v8m0 -4H${x(at(one.at))}` }) : "",
      h("circle", { class: "ring", cx: x(at(one.at)), cy: y, r: 10 }), shape(one.status, x(at(one.at)), y));
  }
  function handle(row, journey, x, y, tall) {
    const since = at(journey.since), until = at(journey.until), scale = (until - since) / DAY;
    const day = Math.round((at(row.at) - since) / DAY);
    const group = h("g", { class: row.cancelled ? "handle off" : "handle", tabindex: kept ? "-1" : "0", role: "slider", "aria-label": `${row.id}: move it by days`, "aria-valuemin": 0, "aria-valuemax": Math.round(scale), "aria-valuenow": day, "aria-valuetext": told(row.at), "data-again": `${row.id} handle`, "data-row": row.id },
      h("title", {}, `${row.id}: ${told(row.at)}; drag it, or use the arrow keys`), h("line", { class: "guide", x1: x(at(row.at)), x2: x(at(row.at)), y1: y + 10, y2: tall - 6 }),
      h("rect", { class: "ring", x: x(at(row.at)) - 44, y: y - 13, width: 88, height: 26, rx: 8 }), h("rect", { class: "grip", x: x(at(row.at)) - 41, y: y - 10, width: 82, height: 20, rx: 10 }), h("text", { x: x(at(row.at)), y: y + 4, "text-anchor": "middle" }, told(row.at).replace(/, \d\d:\d\d$/, "").replace(",", "")));
    if (kept) return group;
    let busy = false, wanted = "";
    const to = async (value) => { wanted = value; if (busy) return; busy = true; while (wanted) { const next = wanted; wanted = ""; state.moves.starts[row.id] = next; await refreshJourney(); } busy = false; };
    group.addEventListener("keydown", (event) => {
      const days = { ArrowLeft: -1, ArrowRight: 1, PageDown: 7, PageUp: -7 }[event.key];
      if (days) { event.preventDefault(); event.stopPropagation(); to(shifted(row.at, days)); }
    });
    group.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      isDragging = true;
      const svg = group.ownerSVGElement, perDay = ((WIDE - LEFT - RIGHT) / scale) * (svg.getBoundingClientRect().width / WIDE);
      let last = 0;
      const moved = (next) => {
        const days = Math.max(-day, Math.min(Math.round(scale) - day - 1, Math.round((next.clientX - event.clientX) / perDay)));
        if (days !== last) { last = days; to(shifted(row.at, days)); }
      };
      const up = () => { window.removeEventListener("pointermove", moved); window.removeEventListener("pointerup", up); };
      window.addEventListener("pointermove", moved); window.addEventListener("pointerup", up);
    });
    return group;
  }
  function outcomes(journey, before) {
    const key = (one) => `${one.campaign}/${one.email} ${one.due} ${one.status} ${one.at}`;
    const old = before && before.outcomes ? new Set(before.outcomes.map(key)) : null;
    return h("table", { class: "outcomes" }, h("caption", { class: "spoken" }, "Every e-mail, in order of time"), h("thead", {}, h("tr", {}, ["When", "Outcome", "E-mail", "Why"].map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, journey.outcomes.length ? journey.outcomes.map((one) => h("tr", { class: old && !old.has(key(one)) ? "changed" : "" }, h("td", { class: "when" }, told(one.at)), h("td", {}, h("span", { class: `word ${one.status}` }, one.status)),
        h("td", {}, h("button", { type: "button", onclick: () => choose(one.campaign, one.email) }, `${one.campaign}/${one.email}`)), h("td", {}, one.why.map((why, index) => [index ? "; " : "", said(why.words)])))) : h("tr", {}, h("td", { colspan: 4 }, "Nothing is due in this time."))));
  }

  // ── comparing ──────────────────────────────────────────────────────────────────────────────────────

  const EXTENTS = { email: "This e-mail", all: "All that changed" };
  const SIGNED = { words: "Words", pixels: "Pixels", none: "Nothing" };
  const PANES = ["before", "after"];

  function drawCompare() {
    const room = $("#compare-view");
    if (kept) { fill(room, h("h2", {}, "Compare"), h("p", {}, "These are files, without a git beside them: ", h("code", {}, "campcompile diff --format html"), " compares two revisions.")); return; }
    if (!room.childElementCount) {
      const turn = () => { state.base = input.value.trim() || "HEAD"; remember(); refreshCompare(); };
      const input = h("input", { type: "text", value: state.base, id: "base", size: 16, spellcheck: "false", autocomplete: "off", onchange: turn });
      fill(room, h("h2", {}, "Compare"), h("p", { class: "soft" }, "What lies here, beside a revision of git: a branch, a tag, a commit."),
        h("form", { class: "tools bare", onsubmit: (event) => { event.preventDefault(); turn(); } },
          h("label", { for: "base" }, "Revision", input), h("button", { type: "submit", class: "plain" }, "Compare"), h("span", { id: "compare-tools", class: "tools bare" })),
        h("div", { id: "compared", role: "status" }), h("div", { id: "panes", class: "panes" }, PANES.map(pane)),
        h("iframe", { id: "compare-frame", title: "All that changed", sandbox: "allow-scripts" }));
    }
    drawCompareTools();
    refreshCompare();
  }
  function pane(side) {
    const of = (name) => h("iframe", { class: name, sandbox: "allow-same-origin", "data-side": side, ...(name === "shown" ? { title: side === "before" ? "The e-mail then" : "The e-mail now" } : { "aria-hidden": "true", tabindex: "-1" }) });
    const frames = [of("shown")];
    if (side === "after") frames.push(h("div", { class: "differing", "aria-hidden": "true" }, of("under"), of("over")));
    const made = h("figure", { class: `pane ${side}` }, h("figcaption"), h("div", { class: "sheet" }, frames));
    made.ready = Promise.all([...made.querySelectorAll("iframe")].map(ready)).then(() => {
      for (const one of made.querySelectorAll("iframe")) { one.contentDocument.addEventListener("click", (event) => event.preventDefault()); one.contentDocument.addEventListener("keydown", onKey); }
    });
    return made;
  }
  function drawCompareTools() {
    const email = emailNow(), at = document.activeElement && $("#compare-tools").contains(document.activeElement) ? document.activeElement.dataset : null;
    const again = () => { drawCompareTools(); drawPanes(); };
    fill($("#compare-tools"), switcher("What is compared", EXTENTS, "extent", () => { drawCompareTools(); refreshCompare(); }),
      state.extent === "email" && email && [switcher("What is marked", SIGNED, "signed", again), switcher("Width", { 320: "320", 375: "375", 640: "640" }, "width", again), switcher("Colours", SCHEMES, "scheme", again),
        select("Language", email.locales.map((locale) => [locale, locale]), "locale", () => { refreshCompare(); refreshMail(true); })]);
    if (at) { const one = [...$("#compare-tools").querySelectorAll("[data-key]")].find((other) => other.dataset.key === at.key && other.dataset.value === at.value); if (one) one.focus(); }
  }
  async function refreshCompare() {
    const all = state.extent === "all", review = $("#compare-frame");
    review.hidden = !all;
    $("#panes").hidden = all;
    if (all) {
      fill($("#compared"));
      const wanted = `review?base=${encodeURIComponent(state.base)}&news=${state.news}`;
      if (review.getAttribute("src") !== wanted) review.src = wanted;
      return;
    }
    const found = await latest("compare", "compare", { ...chosen(), base: state.base });
    if (!found) return;
    await Promise.all([...document.querySelectorAll(".pane")].map((one) => one.ready));
    state.compared = found;
    drawPanes();
  }
  const revised = (found) => (state.base === found.commit ? state.base : `${state.base} (${found.commit})`);
  function verdict(found) {
    if (found.trouble) return [h("p", { class: "past bare-past" }, said(found.trouble), found.help ? h("span", {}, " – ", said(found.help)) : "")];
    const name = `${state.campaign}/${state.email}`;
    if (!found.before && !found.after) return [h("p", {}, h("code", {}, name), ` is neither here nor at ${revised(found)}.`)];
    if (!found.before) return [h("p", {}, "New: ", h("code", {}, name), ` was not there at ${revised(found)}.`)];
    if (!found.after) return [h("p", {}, "Gone: ", h("code", {}, name), " is not here any more.")];
    return [h("p", {}, found.same ? [h("b", {}, "No difference"), ` to ${revised(found)}: what its readers see is the same.`] : [h("b", {}, "It differs"), ` from ${revised(found)}. `, state.signed === "pixels" ? "What differs by a pixel is tinted; blocks that only moved stand level." : state.signed === "words" ? "Words that are gone are struck out on the left, new ones are green on the right." : ""],
      found.broken ? " At that revision it had mistakes: shown is what could be made of it." : "")];
  }
  function drawPanes() {
    const found = state.compared;
    if (!found || state.extent !== "email") return;
    fill($("#compared"), verdict(found));
    const pixels = state.signed === "pixels" && found.before && found.after;
    const width = state.width === "free" ? 640 : Number(state.width);
    for (const side of PANES) {
      const room = document.querySelector(`.pane.${side}`), page = found[side];
      room.hidden = !page;
      if (!page) continue;
      room.style.width = `${width + 2}px`;
      room.classList.toggle("pixels", Boolean(pixels) && side === "after");
      fill(room.querySelector("figcaption"), h("b", {}, side === "before" ? "Then" : "Now"), ["subject", "preheader"].map((name) => h("span", { class: name }, line(found.lines[name], side))));
      put(room.querySelector(".shown"), state.signed === "words" ? page.marked : page.bare, true);
    }
    const differing = document.querySelector(".differing");
    differing.hidden = !pixels;
    if (pixels) { put($(".differing .under"), found.after.bare, true); put($(".differing .over"), found.before.bare, true); }
    level(pixels);
    const how = `${found.revision} ${state.signed}`;
    afterPaint(() => { document.documentElement.dataset.compared = how; });
  }
  function line(stretches, side) {
    const own = side === "before" ? "gone" : "new";
    return stretches.filter(([mark]) => mark === "kept" || mark === own).map(([mark, text]) => (mark === "kept" || state.signed !== "words" ? text : h(mark === "gone" ? "del" : "ins", {}, text)));
  }
  // Frames are as high as what lies in them; in pixels, blocks that are on both sides begin at the same height.
  function level(pixels) {
    const frames = [...document.querySelectorAll(".pane:not([hidden]) iframe")].filter((one) => !one.closest("[hidden]"));
    for (const one of frames) one.style.height = "0";
    if (pixels) { const sides = [[$(".pane.before .shown"), $(".differing .over")], [$(".pane.after .shown"), $(".differing .under")]]; align(...sides.map((side) => side.map((one) => one.contentDocument))); }
    const high = Math.max(...frames.map((one) => one.contentDocument.documentElement.scrollHeight), 200);
    for (const one of frames) one.style.height = `${high}px`;
  }
  function blocksOf(page) {
    const numbers = new Set();
    const walker = page.createTreeWalker(page.documentElement, NodeFilter.SHOW_COMMENT);
    while (walker.nextNode()) { const found = /^cc(\d+)$/.exec(walker.currentNode.data); if (found) numbers.add(Number(found[1])); }
    return [...numbers].map((number) => ({ number, words: String(regionOf(number, page)).replace(/\s+/g, " ").trim() }));
  }
  function pairs(old, now) { // the longest row of blocks that say the same; between them, one beside the other
    const long = Array.from({ length: old.length + 1 }, () => new Array(now.length + 1).fill(0));
    for (let i = old.length - 1; i >= 0; i -= 1) for (let j = now.length - 1; j >= 0; j -= 1) long[i][j] = old[i].words === now[j].words ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
    const found = [];
    let i = 0, j = 0, left = [], right = [];
    const flush = () => { left.slice(0, right.length).forEach((one, index) => found.push([one, right[index]])); left = []; right = []; };
    while (i < old.length && j < now.length) {
      if (old[i].words === now[j].words) { flush(); found.push([old[i], now[j]]); i += 1; j += 1; }
      else if (long[i + 1][j] >= long[i][j + 1]) { left.push(old[i]); i += 1; } else { right.push(now[j]); j += 1; }
    }
    left.push(...old.slice(i)); right.push(...now.slice(j));
    flush();
    return found;
  }
  function align(old, now) { // each side is the same page once or twice
    const blocks = [blocksOf(old[0]), blocksOf(now[0])];
    for (const [one, other] of pairs(...blocks)) {
      const lower = regionOf(one.number, old[0]).getBoundingClientRect().top - regionOf(other.number, now[0]).getBoundingClientRect().top;
      if (lower > 0.01) for (const page of now) part(page, regionOf(other.number, page).startContainer, regionOf(other.number, page).startOffset, lower, "before");
      if (lower < -0.01) for (const page of old) part(page, regionOf(one.number, page).startContainer, regionOf(one.number, page).startOffset, -lower, "before");
    }
    const [longer] = [old, now].map((side) => side[0].body.getBoundingClientRect().height).map((height, index, both) => height - both[1 - index]); // what follows the blocks stands level, too
    const [pages, own] = longer < 0 ? [old, blocks[0]] : [now, blocks[1]];
    if (Math.abs(longer) > 0.01 && own.length) for (const page of pages) { const last = regionOf(own[own.length - 1].number, page); part(page, last.endContainer, last.endOffset - 1, Math.abs(longer), "after"); }
  }
  // Empty space before or after a node, outside of every box that begins or ends with it.
  function part(page, parent, index, by, side) {
    const beside = side === "before" ? "previousSibling" : "nextSibling";
    const isEdge = (node) => { for (let one = node[beside]; one; one = one[beside]) if (one.nodeType === 1 || (one.nodeType === 3 && one.data.trim())) return false; return true; };
    let node = parent.childNodes[index];
    while (isEdge(node) && node.parentElement && node.parentElement !== page.body) node = node.parentElement;
    if (node.tagName === "TD" || node.tagName === "TH") node = node.parentElement;
    const space = page.createElement(node.tagName === "TR" ? "tr" : "div");
    const inner = space.tagName === "TR" ? space.appendChild(page.createElement("td")) : space;
    inner.style.cssText = `height:${by}px;padding:0;font-size:0;line-height:0`;
    node[side](space);
  }

  // ── views, keys, news ──────────────────────────────────────────────────────────────────────────────

  function show(view) {
    const other = view !== state.view;
    state.view = view;
    for (const name of ["mail", "journey", "compare"]) {
      $(`#${name}-view`).hidden = name !== view;
      document.querySelector(`[data-view="${name}"]`).setAttribute("aria-pressed", String(name === view));
    }
    $("#side").hidden = view !== "mail";
    $(".rooms").style.gridTemplateColumns = view === "mail" ? "" : "262px minmax(0, 1fr)";
    if (view === "journey") { drawJourney(null); refreshJourney(); }
    if (view === "compare") drawCompare();
    if (view === "mail" && other && state.overview) { drawTools(); paint(); }
    remember();
  }
  const KEYS = [["j  k", "next and previous e-mail"], ["/", "search"], ["1 2 3 4", "320, 375, 640 px, free width"], ["d", "light, dark, forced dark"], ["i", "pictures on and off"], ["m t h x", "mail, plain text, HTML, MJML"],
    ["l", "next language"], ["p", "next person"], ["f  e  r  a", "findings, person, measures, about"], ["n", "next finding"], ["y  c", "journey, compare"], ["?", "these keys"]];
  const cycle = (options, value) => options[(options.indexOf(value) + 1) % options.length];
  const changed = (key, value, after) => { state[key] = value; drawTools(); remember(); after(); };
  const tab = (name) => { state.tab = name; show("mail"); drawPanel(); $("#panel").focus(); };
  const COMMANDS = {
    j: () => step(1), k: () => step(-1), "/": () => { $("#search").focus(); $("#search").select(); },
    1: () => changed("width", "320", fit), 2: () => changed("width", "375", fit), 3: () => changed("width", "640", fit), 4: () => changed("width", "free", fit),
    d: () => changed("scheme", cycle(Object.keys(SCHEMES), state.scheme), paint), i: () => changed("pictures", !state.pictures, paint),
    m: () => changed("mode", "mail", paint), t: () => changed("mode", "text", paint), h: () => changed("mode", "html", paint), x: () => changed("mode", "mjml", paint),
    l: () => { const email = emailNow(); if (email) { state.typed = {}; changed("locale", cycle(email.locales, state.locale), () => refreshMail(true)); } },
    p: () => { state.typed = {}; changed("person", cycle(Object.keys(state.overview.people), state.person), () => refreshMail(false)); },
    f: () => tab("findings"), e: () => tab("person"), r: () => tab("measures"), a: () => tab("about"),
    n: () => { tab("findings"); const found = inScope(state.scope); if (found.length) { const next = found[(found.findIndex((one) => keyOf(one) === state.open) + 1) % found.length]; state.open = keyOf(next); goTo(next); } },
    y: () => show("journey"), c: () => show("compare"), "?": () => openHelp(),
  };
  function onKey(event) {
    const typingIn = event.target.closest && event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
    if (event.key === "Escape" && typingIn && typingIn.id === "search") { typingIn.value = ""; drawTree(); typingIn.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typingIn || !state.overview) return;
    const command = COMMANDS[event.key];
    if (command) { event.preventDefault(); command(); }
  }
  function openHelp() {
    fill($("#help"), h("h2", { id: "help-title" }, "Keys"), h("dl", {}, KEYS.map(([key, words]) => [h("dt", {}, key), h("dd", {}, words)])), h("form", { method: "dialog" }, h("button", { class: "plain" }, "Close")));
    $("#help").showModal();
  }

  function status() {
    const overview = state.overview;
    const total = overview ? overview.findings.reduce((sum, found) => ({ ...sum, [found.severity]: (sum[found.severity] || 0) + 1 }), {}) : {};
    const words = ["error", "warning", "info"].filter((severity) => total[severity]).map((severity) => counted(total[severity], NAMES[severity])).join(", ") || "no findings";
    const checking = overview && overview.judged !== Math.max(state.revision, overview.revision);
    $("#status").dataset.state = state.gone ? "gone" : checking ? "working" : total.error ? "error" : total.warning ? "warning" : "";
    $("#status").textContent = state.gone ? "The preview has ended; start it again" : checking ? "Checking…" : words;
    $("#trouble").hidden = !(overview && overview.trouble);
    if (overview && overview.trouble) $("#trouble").textContent = `The files can't be read now; shown is what was read last.\n${overview.trouble}`;
  }
  async function refreshAll() {
    const overview = await latest("overview", "overview");
    if (!overview) return;
    const turn = turns.overview;
    await calm();
    if (turn !== turns.overview) return;
    state.overview = overview;
    $("#practice").textContent = overview.practice || "Preview";
    document.title = `${overview.practice ? `${overview.practice} – ` : ""}preview`;
    settle(); drawTree(); drawTools(); status();
  }
  // First what is looked at; the findings, and the tree with them, come a little later.
  async function onNews(news) {
    state.gone = false; state.news = news.news; state.revision = news.revision;
    if (!state.overview) { await refreshAll(); await refreshMail(true); drawPanel(); }
    else if (news.judged !== state.overview.judged || news.trouble !== state.overview.trouble) {
      if (state.mail && state.mail.revision !== news.revision && emailNow()) await refreshMail(false);
      await refreshAll();
      if (!state.mail || state.mail.revision !== news.revision || state.mail.missing) await refreshMail(false); else drawPanel();
      if (state.view === "journey") refreshJourney();
      if (state.view === "compare") drawCompare();
    } else if (news.mail && news.turn === turns.mail) { await takeMail(news.mail, false); status(); }
    else { status(); if (emailNow()) await refreshMail(false); }
    document.documentElement.dataset.judged = String(news.judged);
  }
  let queue = Promise.resolve();
  function listen() {
    const events = new EventSource(`events?page=${PAGE}`);
    events.onmessage = (event) => { const news = JSON.parse(event.data); queue = queue.then(() => onNews(news)).catch(() => {}); };
    events.onerror = () => { state.gone = true; status(); };
  }

  document.addEventListener("keydown", onKey);
  $("#search").addEventListener("input", drawTree);
  $("#search").addEventListener("keydown", (event) => { if (event.key === "Enter") { const first = document.querySelector("#tree button"); if (first) { first.click(); first.focus(); } } });
  $("#help-button").addEventListener("click", openHelp);
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => show(button.dataset.view));
  $("#theme").addEventListener("change", (event) => { theme(event.target.value); });
  function theme(value) {
    if (value) document.documentElement.dataset.theme = value; else delete document.documentElement.dataset.theme;
    $("#theme").value = value || "";
    try { localStorage.setItem("theme", value || ""); } catch { /* a page of files may not */ }
  }
  try { theme(localStorage.getItem("theme")); } catch { /* a page of files may not */ }
  window.addEventListener("resize", () => drawSpot());
  recall(); show(state.view in { mail: 1, journey: 1, compare: 1 } ? state.view : "mail");
  if (kept) onNews({ news: 1, revision: 1, judged: 1, trouble: "" }); else listen();
})();
