// Made of client.ts by `make client`: edit that one.
/**
 * A client for both functions: it tells how a request goes, can be aborted, retries what may succeed later with the
 * same Idempotency-Key, and throws one class of error with a code. It has no dependencies.
 */

const RETRIES = 2;
/** Who is told to wait longer than this is told so instead. */
const MAX_WAIT_SECONDS = 60;
/** A stream sends something at least every ten seconds, so one that is silent for this long is lost. */
const SILENCE_SECONDS = 30;
/** The longest that a function runs, and so the longest that a request can be in progress. */
const MAX_RUN_SECONDS = 900;
/** What a header can hold of it; a line break or a letter with an accent is none. */
const TOKEN = /^[\x20-\x7e]+$/u;

/** Why there is no artifact; the message is a sentence for people. */
export class ArtifactError extends Error {
  code;
  /** Of the HTTP answer: 200 where the failure came as an event; undefined where there was none. */
  status;
  /** Whether the same request may succeed later. */
  retryable;
  retryAfterSeconds;
  /** The field that is wrong. */
  field;
  requestId;
  /** Null where it is unknown; undefined where the model host was not called, or nobody knows. */
  costUsd;
  /** How often the function called the model host. */
  attempts;
  usage;
  /** With `artifact_invalid`: what the check rejected. It must not be rendered. */
  draft;
  /** Give it with the same request to have an answer that was finished meanwhile. */
  idempotencyKey;
  /** Whether work may have begun that the same request would not find again: then another one may be billed as well. */
  mayBillAgain;

  constructor(message, details) {
    super(message, { cause: details.cause });
    this.name = "ArtifactError";
    this.code = details.code;
    this.status = details.status;
    this.retryable = details.retryable ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds ?? undefined;
    this.field = details.field ?? undefined;
    this.requestId = details.requestId;
    this.costUsd = details.costUsd;
    this.attempts = details.attempts;
    this.usage = details.usage;
    this.draft = details.draft ?? undefined;
    this.mayBillAgain = details.mayBillAgain ?? false;
  }
}

/** Calls both functions. Whatever fails is thrown as an `ArtifactError`. */
export class ArtifactsClient {
  #options;

  constructor(options) {
    this.#options = options;
  }

  /** Make an artifact from a prompt. */
  generate(request, call = {}) {
    return this.#request(this.#options.generateUrl, request, call);
  }

  /** Repair an artifact that failed in the browser. */
  fix(request, call = {}) {
    return this.#request(this.#options.fixUrl, request, call);
  }

  async #request(url, request, call) {
    if (!url) throw new TypeError("The client needs `generateUrl` to generate, and `fixUrl` to fix.");
    const key = call.idempotencyKey ?? randomKey();
    try {
      // A key belongs to one body, byte for byte: it is written once.
      return await this.#retrying({ url, key, body: JSON.stringify(request) }, call);
    } catch (thrown) {
      const error = call.signal?.aborted ? aborted(call.signal) : thrown;
      if (error instanceof ArtifactError) error.idempotencyKey = key;
      throw error;
    }
  }

  async #retrying(order, call) {
    const { retries = RETRIES, maxWaitSeconds = MAX_WAIT_SECONDS } = this.#options;
    const progress = new Progress(call);
    let retried = 0;
    let waited = 0;
    for (let attempt = 2; ; attempt++) {
      try {
        return await untilAborted(this.#try(order, progress, call.signal), call.signal);
      } catch (error) {
        if (call.signal?.aborted || !(error instanceof ArtifactError)) throw error;
        const inProgress = error.code === "request_in_progress";
        const waitSeconds = Math.max(error.retryAfterSeconds ?? backoff(retried), inProgress ? 1 : 0);
        if (!error.retryable || error.mayBillAgain || waitSeconds > maxWaitSeconds) throw error;
        if (inProgress ? waited > MAX_RUN_SECONDS : retried >= retries) throw error;
        if (inProgress) waited += waitSeconds;
        else retried++;
        progress.retry({ attempt, waitSeconds, error });
        await sleep(waitSeconds, call.signal);
      }
    }
  }

  async #try(order, progress, signal) {
    const { fetch: send = globalThis.fetch, silenceSeconds = SILENCE_SECONDS } = this.#options;
    const token = await this.#token();
    const headers = {
      Accept: "text/event-stream",
      "Content-Type": "application/json",
      "Idempotency-Key": order.key,
    };
    if (token) headers.Authorization = `Bearer ${token}`;
    let response;
    try {
      response = await send(order.url, { method: "POST", headers, body: order.body, signal: signal ?? null });
      if (response.body && response.headers.get("content-type")?.startsWith("text/event-stream")) {
        return await readResult(readEvents(response.body, silenceSeconds), response.status, progress);
      }
      return readAnswer(await response.text(), response.status, this.#heedsKeys(response));
    } catch (cause) {
      throw cause instanceof ArtifactError ? cause : lost(cause, response?.status, this.#heedsKeys(response));
    }
  }

  async #token() {
    const { token: option } = this.#options;
    let token;
    try {
      token = typeof option === "function" ? await option() : option;
    } catch (cause) {
      throw new ArtifactError("There is no token to sign in with. Sign in again.", { code: "unauthorized", cause });
    }
    if (!token || TOKEN.test(token)) return token;
    // Else `fetch` refuses the header, which looks like a lost connection.
    throw new ArtifactError("The token has characters that no token has. Copy it again.", { code: "unauthorized" });
  }

  /** Whether the functions are known to recognise a request by its key: these headers are the guard's. */
  #heedsKeys(response) {
    const guards = ["x-ratelimit-limit", "idempotent-replayed"];
    return this.#options.guard ?? guards.some((name) => response?.headers.has(name) ?? false);
  }
}

/** Tells the caller how its request goes, over all tries. */
class Progress {
  #call;
  #shown = false;

  constructor(call) {
    this.#call = call;
  }

  event(name, data) {
    const event = readJson(data);
    if (typeof event !== "object" || event === null) return;
    if (name === "status") this.#tell(this.#call.onStatus, event);
    if (name === "delta") this.#tell(this.#call.onDelta, event);
    if (name === "reset") this.#tell(this.#call.onReset, event);
    if (name === "plan") this.#tell(this.#call.onPlan, event);
    if (name === "review") this.#tell(this.#call.onReview, event);
    if (name === "delta" || name === "reset") this.#shown = name === "delta";
  }

  retry(retry) {
    this.#tell(this.#call.onRetry, retry);
    if (this.#shown) this.#tell(this.#call.onReset, { attempt: 1 });
    this.#shown = false;
  }

  #tell(callback, event) {
    if (this.#call.signal?.aborted) return;
    try {
      callback?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** Read a stream to its result; a stream that ends without one is lost. */
async function readResult(events, status, progress) {
  for await (const { name, data } of events) {
    if (name === "artifact" || name === "fix" || name === "error") return readAnswer(data, status, true);
    progress.event(name, data);
  }
  throw new Error("The stream ended without its last event.");
}

/** Read server-sent events, however they are split; one without the empty line behind it is none. */
async function* readEvents(body, silenceSeconds) {
  let name = "";
  let data = [];
  for await (const line of readLines(body, silenceSeconds)) {
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
    if (line !== "") continue;
    if (data.length > 0) yield { name, data: data.join("\n") };
    name = "";
    data = [];
  }
}

async function* readLines(body, silenceSeconds) {
  const reader = body.getReader();
  const decoder = new TextDecoder(); // keeps the beginning of a character until its end comes
  let rest = "";
  let endsWithReturn = false;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), silenceSeconds);
      if (done) return;
      let text = decoder.decode(value, { stream: true });
      if (text === "") continue;
      if (endsWithReturn && text.startsWith("\n")) text = text.slice(1);
      endsWithReturn = text.endsWith("\r");
      const lines = text.split(/\r\n|\r|\n/u);
      lines[0] = rest + lines[0];
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    reader.cancel().catch(() => {}); // of a stream that is lost already
  }
}

/** Return the answer that this body is, or throw the failure that it is. */
function readAnswer(text, status, heedsKeys) {
  const body = readJson(text);
  // Others say `success` as well: what makes it ours is what it is for.
  if (body?.success === true && typeof (body.artifact?.code ?? body.fixedCode) === "string") return body;
  if (body?.success === false && typeof body.code === "string" && typeof body.error === "string") {
    const failure = body;
    throw new ArtifactError(failure.error, { ...failure, status });
  }
  throw unreadable(status, heedsKeys);
}

/** Undefined where the text is not JSON, which no JSON gives. */
function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands before a function, or is there instead of it, answered: 429 before work began, 5xx perhaps after it. */
function unreadable(status, heedsKeys) {
  const message = `The answer (HTTP ${status}) is not one of this service. Try again later, or check the address.`;
  const begun = status >= 500;
  const details = { status, retryable: begun || status === 429, mayBillAgain: begun && !heedsKeys };
  return new ArtifactError(message, { code: "unreadable", ...details });
}

function lost(cause, status, heedsKeys) {
  const message =
    status === undefined
      ? "No answer came. Check the connection, the address, and whether pages of this origin may call it."
      : "The connection was lost before the answer was whole. Try again.";
  const details = { status, retryable: true, mayBillAgain: !heedsKeys, cause };
  return new ArtifactError(message, { code: "unreachable", ...details });
}

function aborted(signal) {
  return new ArtifactError("The request was aborted.", { code: "aborted", cause: signal.reason });
}

/** From half a second to a second, and twice that for each retry before. */
function backoff(retried) {
  return 2 ** retried * (0.5 + Math.random() / 2);
}

async function sleep(seconds, signal) {
  let timer;
  const slept = new Promise((done) => {
    timer = setTimeout(done, seconds * 1000);
  });
  await untilAborted(slept, signal).finally(() => clearTimeout(timer));
}

async function inTime(work, seconds) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came for ${seconds} seconds.`)), seconds * 1000);
  });
  return Promise.race([work, silence]).finally(() => clearTimeout(timer));
}

/** Reject as soon as the signal fires, whatever the work is waiting for. */
function untilAborted(work, signal) {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Not `crypto.randomUUID`, which pages without https do not have. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
