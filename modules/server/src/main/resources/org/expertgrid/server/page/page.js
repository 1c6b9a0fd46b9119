"use strict";

const element = (id) => document.getElementById(id);

/** Makes an element with a class and a text. */
function make(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function headers() {
  const key = element("key").value;
  return key ? { Authorization: `Bearer ${key}` } : {};
}

// ---------------------------------------------------------------- the chat

const chat = { model: "", hasTemplate: true, messages: [], running: null };

function showMessage(role, text) {
  element("empty").hidden = true;
  const message = make("article", `message ${role}`);
  message.append(make("h3", "", role === "user" ? "You" : chat.model || "Model"));
  const thoughts = make("p", "thoughts");
  thoughts.hidden = true;
  const content = make("p", "text", text);
  message.append(thoughts, content);
  element("messages").append(message);
  scrollDown();
  return { message, content, thoughts };
}

/** Keeps the end in sight unless the reader has gone back. */
function scrollDown() {
  const list = element("messages");
  if (list.scrollHeight - list.scrollTop - list.clientHeight < 200) list.scrollTop = list.scrollHeight;
}

const CUT_OFF = "The connection ended before the answer did.";

/** Calls back with the data of each event of a stream; throws where the stream ends before it is done. */
async function readEvents(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read().catch((failure) => {
      throw failure.name === "AbortError" ? failure : new Error(CUT_OFF);
    });
    if (done) throw new Error(CUT_OFF);
    const blocks = (held + value).split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
      if (data === "[DONE]") return;
      if (data) take(JSON.parse(data));
    }
  }
}

/** A model without a chat template goes on from the latest text alone. */
function question() {
  const asked = {
    model: chat.model,
    ...(chat.hasTemplate ? { messages: chat.messages } : { prompt: chat.messages.at(-1).content }),
    stream: true,
    stream_options: { include_usage: true },
    temperature: Number(element("temperature").value),
    max_tokens: Number(element("most").value),
  };
  if (element("seed").value !== "") asked.seed = Number(element("seed").value);
  return asked;
}

/** Sends a question; returns the response where its answer has begun. */
async function begin(asked, signal) {
  const response = await fetch(chat.hasTemplate ? "v1/chat/completions" : "v1/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers() },
    body: JSON.stringify(asked),
    signal,
  }).catch((failure) => {
    throw failure.name === "AbortError" ? failure : new Error("The server cannot be reached.");
  });
  if (!response.ok) throw new Error((await response.json()).error.message);
  return response;
}

function showFailure(message, failure, text) {
  const problem = make("p", "failure", failure.message);
  problem.setAttribute("role", "alert");
  const again = make("button", "again", "Try again");
  again.type = "button";
  again.addEventListener("click", () => {
    again.remove();
    send(text);
  });
  message.append(problem, again);
}

async function ask(text) {
  chat.messages.push({ role: "user", content: text });
  showMessage("user", text);
  const shown = showMessage("assistant", "");
  shown.message.classList.add("coming");
  setRunning(new AbortController());
  const begun = performance.now();
  let answer = "";
  let foot = "";
  let isKept = true;
  try {
    const response = await begin(question(), chat.running.signal);
    await readEvents(response, (event) => {
      if (event.error) throw new Error(event.error.message);
      const delta = event.choices[0]?.delta ?? { content: event.choices[0]?.text };
      if (delta.reasoning_content) {
        shown.thoughts.hidden = false;
        shown.thoughts.textContent += delta.reasoning_content;
      }
      answer += delta.content ?? "";
      shown.content.textContent = answer;
      if (event.usage) {
        const seconds = (performance.now() - begun) / 1000;
        const tokens = event.usage.completion_tokens;
        foot = `${tokens} tokens in ${seconds.toFixed(1)} s, ${(tokens / seconds).toFixed(1)} a second`;
      }
      scrollDown();
    });
  } catch (failure) {
    if (failure.name === "AbortError") {
      foot = "Stopped.";
    } else {
      showFailure(shown.message, failure, text);
      isKept = false;
    }
  }
  if (answer && isKept) {
    chat.messages.push({ role: "assistant", content: answer });
  } else {
    chat.messages.pop();
  }
  shown.message.classList.remove("coming");
  if (foot) shown.message.append(make("p", "foot", foot));
  element("spoken").textContent = answer;
  setRunning(null);
  scrollDown();
}

function setRunning(controller) {
  chat.running = controller;
  element("send").hidden = controller !== null;
  element("stop").hidden = controller === null;
}

function send(text) {
  if (chat.running || !chat.model || !text.trim()) return;
  element("prompt").value = "";
  ask(text).finally(() => element("prompt").focus({ preventScroll: true }));
}

element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send(element("prompt").value);
});
element("prompt").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send(element("prompt").value);
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") chat.running?.abort();
});
element("stop").addEventListener("click", () => chat.running?.abort());
element("clear").addEventListener("click", () => {
  chat.running?.abort();
  chat.messages = [];
  document.querySelectorAll(".message").forEach((message) => message.remove());
  element("empty").hidden = false;
});
document.querySelectorAll(".start").forEach((button) => button.addEventListener("click", () => send(button.textContent)));

// ------------------------------------------------------------- the cluster

const POINTS = 120;
const speeds = [];
let before = null;
let ranksBefore = new Map();
const movedAt = new Map();
let eventsBefore = "";
let heatShown = [];

function setState(text, kind) {
  if (element("state").textContent !== text) element("state").textContent = text;
  element("state").className = `state ${kind}`;
}

function showFigures(now) {
  const passed = before ? now.milliseconds - before.milliseconds : 0;
  const speed = passed > 0 ? Math.max(0, (now.generatedTokens - before.generatedTokens) * 1000 / passed) : 0;
  before = now;
  speeds.push(speed);
  if (speeds.length > POINTS) speeds.shift();
  element("speed").textContent = speed > 0 && speed < 10 ? speed.toFixed(1) : Math.round(speed);
  element("running").textContent = now.running;
  element("waiting").textContent = now.waiting;
  element("cached").textContent = `${Math.round(100 * now.cachedTokens / Math.max(1, now.mostCachedTokens))} %`;
  for (const name of ["forwards", "hedges", "retries"]) element(name).textContent = now[name].toLocaleString("en");
  drawCurve();
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawCurve() {
  const canvas = element("curve");
  const pen = canvas.getContext("2d");
  const most = Math.max(1, ...speeds);
  const x = (i) => i * (canvas.width - 6) / (POINTS - 1);
  const y = (speed) => canvas.height - 4 - speed * (canvas.height - 10) / most;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = colour("--line");
  pen.fillRect(0, canvas.height - 2, canvas.width, 2);
  pen.beginPath();
  speeds.forEach((speed, i) => pen.lineTo(x(i + POINTS - speeds.length), y(speed)));
  pen.lineWidth = 3;
  pen.strokeStyle = colour("--accent");
  pen.stroke();
}

/** Writes how much of a heap is in use, in the unit that suits the heap. */
function heapText(used, maximum) {
  const [unit, bytes, digits] = maximum < 2 ** 30 ? ["MB", 2 ** 20, 0] : ["GB", 2 ** 30, 1];
  return `${(used / bytes).toFixed(digits)} of ${(maximum / bytes).toFixed(digits)} ${unit}`;
}

function showMembers(members) {
  const list = element("members");
  element("members-card").hidden = false;
  element("heat-card").hidden = members.length === 0;
  element("events-card").hidden = members.length === 0;
  element("hint").textContent = [
    chat.hasTemplate ? "Ask something." : "This model goes on from a text. Write how it begins.",
    members.length > 1
      ? "The members on this page compute each word. If they are processes (serve --members 3), kill one meanwhile: the words stay the same."
      : "",
  ].join(" ");
  if (members.length === 0) {
    list.replaceChildren(make("li", "small", "The model runs in this JVM, without a cluster."));
    return;
  }
  const ranksNow = new Map();
  list.replaceChildren(...members.map((member) => {
    const item = make("li");
    const line = make("div", member.up ? "line" : "line down");
    line.append(make("span", "name", member.name));
    line.append(make("span", "small", member.up ? heapText(member.usedHeap, member.maximalHeap) : "lost"));
    item.append(line);
    if (member.up) {
      const ranks = make("div", "ranks");
      ranks.append(make("span", "small", member.ranks.length === 1 ? "rank" : member.ranks.length ? "ranks" : "no rank"));
      for (const rank of member.ranks) {
        if (ranksBefore.has(rank) && ranksBefore.get(rank) !== member.name) movedAt.set(rank, performance.now());
        const moved = performance.now() - (movedAt.get(rank) ?? -Infinity) < 8000;
        ranks.append(make("span", moved ? "rank moved" : "rank", rank));
        ranksNow.set(rank, member.name);
      }
      const bar = make("div", "bar");
      const used = make("span");
      used.style.width = `${Math.min(100, 100 * member.usedHeap / Math.max(1, member.maximalHeap))}%`;
      bar.append(used);
      bar.setAttribute("aria-hidden", "true");
      item.append(bar, ranks);
    }
    return item;
  }));
  ranksBefore = ranksNow;
}

function showEvents(events) {
  const newest = JSON.stringify(events);
  if (newest === eventsBefore) return;
  eventsBefore = newest;
  const items = [...events].reverse().map((event) => {
    const item = make("li", event.kind);
    const time = make("time", "", new Date(event.at).toLocaleTimeString("en-GB"));
    time.dateTime = event.at;
    item.append(time, make("span", "", event.text));
    return item;
  });
  element("events").replaceChildren(...(items.length ? items : [make("li", "small", "Nothing has happened yet.")]));
}

function showHeat(layers) {
  heatShown = layers;
  const canvas = element("heat");
  const experts = Math.max(0, ...layers.map((layer) => layer.rows.length));
  if (experts === 0) {
    canvas.hidden = true;
    element("heat-note").textContent = "Which experts are asked is known after the first forward.";
    element("heat-cell").textContent = "";
    return;
  }
  canvas.hidden = false;
  element("heat-cell").textContent ||= "Point at a cell to see its number of tokens.";
  element("heat-note").textContent = "One row a layer, one cell an expert: the fuller the colour, the more tokens it has had lately.";
  const room = canvas.parentElement.clientWidth;
  const cell = Math.max(4, Math.min(22, Math.floor(room / experts)));
  canvas.width = cell * experts;
  canvas.height = Math.min(cell, 14) * layers.length;
  canvas.dataset.cell = cell;
  const height = Math.min(cell, 14);
  const pen = canvas.getContext("2d");
  const tone = colour("--heat");
  layers.forEach((layer, row) => {
    const most = Math.max(1, ...layer.rows);
    layer.rows.forEach((rows, expert) => {
      pen.fillStyle = `rgba(${tone}, ${0.08 + 0.92 * rows / most})`;
      pen.fillRect(expert * cell, row * height, cell - 1, height - 1);
    });
  });
  const hottest = layers.map((layer) => `layer ${layer.layer}: expert ${layer.rows.indexOf(Math.max(...layer.rows))}`);
  canvas.setAttribute("aria-label", `The expert with the most tokens in each layer. ${hottest.slice(0, 12).join("; ")}`);
}

function showCell(event) {
  const canvas = element("heat");
  const cell = Number(canvas.dataset.cell);
  const layer = heatShown[Math.floor(event.offsetY / Math.min(cell, 14))];
  const expert = Math.floor(event.offsetX / cell);
  if (layer && expert < layer.rows.length) {
    element("heat-cell").textContent = `Layer ${layer.layer}, expert ${expert}: ${layer.rows[expert].toLocaleString("en")} tokens`;
  }
}
element("heat").addEventListener("pointermove", showCell);
element("heat").addEventListener("pointerdown", showCell);

function askForKey() {
  setState(element("key").value ? "This API key is wrong" : "Enter the API key under Settings", "bad");
  if (!chat.model && !element("settings").open) {
    element("settings").open = true;
    element("key").focus();
  }
}

async function refresh() {
  try {
    const response = await fetch("page/status", { headers: headers() });
    const now = await response.json();
    if (!response.ok) {
      if (response.status === 401) askForKey();
      else setState(now.error.message, "bad");
      return;
    }
    chat.model = now.model;
    element("model").textContent = now.model;
    document.title = `${now.model} · Expertgrid`;
    chat.hasTemplate = now.chat;
    document.querySelectorAll("#send, .start").forEach((button) => (button.disabled = false));
    const up = now.members.filter((member) => member.up).length;
    const lost = now.members.length - up;
    if (now.problem) setState(`Not ready: ${now.problem}`, "bad");
    else if (lost) setState(`Answering on ${up} of ${now.members.length} members`, "warning");
    else setState("Ready", "good");
    showFigures(now);
    showMembers(now.members);
    showEvents(now.events);
    showHeat(now.heat);
  } catch {
    setState("The server cannot be reached", "bad");
  }
}

async function refreshForever() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

// Canvases keep the colours that they were drawn in.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawCurve();
  showHeat(heatShown);
});

refreshForever();
element("prompt").focus({ preventScroll: true });
