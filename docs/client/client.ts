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

export type Token = string | null | undefined;

export interface ClientOptions {
  generateUrl?: string;
  fixUrl?: string;
  /** The bearer token, or what gives it; a function is called for each try. */
  token?: Token | (() => Token | Promise<Token>);
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
  /** How often a request is sent again at most; waiting for one in progress does not count. */
  retries?: number;
  /** The longest wait before a retry. */
  maxWaitSeconds?: number;
  /** After how long a stream without a byte is lost. */
  silenceSeconds?: number;
  /**
   * Whether the functions heed `Idempotency-Key` (`ENABLE_GUARD`). Left out, it is learnt from an answer's headers, and
   * a request that had no answer at all is not sent again.
   */
  guard?: boolean;
}

export interface Retry {
  /** Which try comes, from 2. */
  attempt: number;
  waitSeconds: number;
  error: ArtifactError;
}

/** A callback that throws stops nothing: its error is reported as that of an event listener. */
export interface CallOptions {
  onStatus?: (event: StatusEvent) => void;
  /** A further piece of the code: a preview, not the result. */
  onDelta?: (event: DeltaEvent) => void;
  /** All pieces so far are withdrawn, by the function or by a retry. */
  onReset?: (event: ResetEvent) => void;
  /** What was planned, before any code; of a reviewed artifact only. */
  onPlan?: (plan: PlanBody) => void;
  /** What a review found in the code so far; it may be changed once more, of which there are no pieces. */
  onReview?: (review: ReviewBody) => void;
  onRetry?: (retry: Retry) => void;
  signal?: AbortSignal;
  /** That of an earlier request with the same body, to have its answer; else a random one. */
  idempotencyKey?: string;
}

/** `unreachable`: no answer, or not the whole of it. `aborted`: by the signal. `unreadable`: not an answer of ours. */
export type ClientErrorCode = "unreachable" | "aborted" | "unreadable";
export type ErrorCode = ServerErrorCode | ClientErrorCode;

/** Why there is no artifact; the message is a sentence for people. */
export class ArtifactError extends Error {
  readonly code: ErrorCode;
  /** Of the HTTP answer: 200 where the failure came as an event; undefined where there was none. */
  readonly status: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  /** The field that is wrong. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Null where it is unknown; undefined where the model host was not called, or nobody knows. */
  readonly costUsd: number | null | undefined;
  /** How often the function called the model host. */
  readonly attempts: number | undefined;
  readonly usage: TokenUsage | undefined;
  /** With `artifact_invalid`: what the check rejected. It must not be rendered. */
  readonly draft: Draft | undefined;
  /** Give it with the same request to have an answer that was finished meanwhile. */
  idempotencyKey: string | undefined;
  /** Whether work may have begun that the same request would not find again: then another one may be billed as well. */
  readonly mayBillAgain: boolean;

  constructor(message: string, details: ErrorDetails) {
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

type ErrorDetails = Partial<Omit<PaidFailureBody, "code" | "success" | "error">> & {
  code: ErrorCode;
  status?: number | undefined;
  mayBillAgain?: boolean;
  cause?: unknown;
};

/** What is sent, the same in every try. */
interface Order {
  url: string;
  key: string;
  body: string;
}

/** Calls both functions. Whatever fails is thrown as an `ArtifactError`. */
export class ArtifactsClient {
  #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Make an artifact from a prompt. */
  generate(request: GenerateRequest, call: CallOptions = {}): Promise<GenerateResponse> {
    return this.#request<GenerateResponse>(this.#options.generateUrl, request, call);
  }

  /** Repair an artifact that failed in the browser. */
  fix(request: FixRequest, call: CallOptions = {}): Promise<FixResponse> {
    return this.#request<FixResponse>(this.#options.fixUrl, request, call);
  }

  async #request<Answer>(url: string | undefined, request: object, call: CallOptions): Promise<Answer> {
    if (!url) throw new TypeError("The client needs `generateUrl` to generate, and `fixUrl` to fix.");
    const key = call.idempotencyKey ?? randomKey();
    try {
      // A key belongs to one body, byte for byte: it is written once.
      return await this.#retrying<Answer>({ url, key, body: JSON.stringify(request) }, call);
    } catch (thrown) {
      const error = call.signal?.aborted ? aborted(call.signal) : thrown;
      if (error instanceof ArtifactError) error.idempotencyKey = key;
      throw error;
    }
  }

  async #retrying<Answer>(order: Order, call: CallOptions): Promise<Answer> {
    const { retries = RETRIES, maxWaitSeconds = MAX_WAIT_SECONDS } = this.#options;
    const progress = new Progress(call);
    let retried = 0;
    let waited = 0;
    for (let attempt = 2; ; attempt++) {
      try {
        return await untilAborted(this.#try<Answer>(order, progress, call.signal), call.signal);
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

  async #try<Answer>(order: Order, progress: Progress, signal: AbortSignal | undefined): Promise<Answer> {
    const { fetch: send = globalThis.fetch, silenceSeconds = SILENCE_SECONDS } = this.#options;
    const token = await this.#token();
    const headers: Record<string, string> = {
      Accept: "text/event-stream",
      "Content-Type": "application/json",
      "Idempotency-Key": order.key,
    };
    if (token) headers.Authorization = `Bearer ${token}`;
    let response: Response | undefined;
    try {
      response = await send(order.url, { method: "POST", headers, body: order.body, signal: signal ?? null });
      if (response.body && response.headers.get("content-type")?.startsWith("text/event-stream")) {
        return await readResult<Answer>(readEvents(response.body, silenceSeconds), response.status, progress);
      }
      return readAnswer<Answer>(await response.text(), response.status, this.#heedsKeys(response));
    } catch (cause) {
      throw cause instanceof ArtifactError ? cause : lost(cause, response?.status, this.#heedsKeys(response));
    }
  }

  async #token(): Promise<Token> {
    const { token: option } = this.#options;
    let token: Token;
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
  #heedsKeys(response: Response | undefined): boolean {
    const guards = ["x-ratelimit-limit", "idempotent-replayed"];
    return this.#options.guard ?? guards.some((name) => response?.headers.has(name) ?? false);
  }
}

/** Tells the caller how its request goes, over all tries. */
class Progress {
  #call: CallOptions;
  #shown = false;

  constructor(call: CallOptions) {
    this.#call = call;
  }

  event(name: string, data: string): void {
    const event = readJson(data);
    if (typeof event !== "object" || event === null) return;
    if (name === "status") this.#tell(this.#call.onStatus, event as StatusEvent);
    if (name === "delta") this.#tell(this.#call.onDelta, event as DeltaEvent);
    if (name === "reset") this.#tell(this.#call.onReset, event as ResetEvent);
    if (name === "plan") this.#tell(this.#call.onPlan, event as PlanBody);
    if (name === "review") this.#tell(this.#call.onReview, event as ReviewBody);
    if (name === "delta" || name === "reset") this.#shown = name === "delta";
  }

  retry(retry: Retry): void {
    this.#tell(this.#call.onRetry, retry);
    if (this.#shown) this.#tell(this.#call.onReset, { attempt: 1 });
    this.#shown = false;
  }

  #tell<Event>(callback: ((event: Event) => void) | undefined, event: Event): void {
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

type Events = AsyncGenerator<{ name: string; data: string }>;

/** Read a stream to its result; a stream that ends without one is lost. */
async function readResult<Answer>(events: Events, status: number, progress: Progress): Promise<Answer> {
  for await (const { name, data } of events) {
    if (name === "artifact" || name === "fix" || name === "error") return readAnswer<Answer>(data, status, true);
    progress.event(name, data);
  }
  throw new Error("The stream ended without its last event.");
}

/** Read server-sent events, however they are split; one without the empty line behind it is none. */
async function* readEvents(body: ReadableStream<Uint8Array>, silenceSeconds: number): Events {
  let name = "";
  let data: string[] = [];
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

async function* readLines(body: ReadableStream<Uint8Array>, silenceSeconds: number): AsyncGenerator<string> {
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

/** The fields that tell what a body is, if it is one of this service. */
interface Body {
  success?: unknown;
  code?: unknown;
  error?: unknown;
  fixedCode?: unknown;
  artifact?: { code?: unknown };
}

/** Return the answer that this body is, or throw the failure that it is. */
function readAnswer<Answer>(text: string, status: number, heedsKeys: boolean): Answer {
  const body = readJson(text) as Body | null | undefined;
  // Others say `success` as well: what makes it ours is what it is for.
  if (body?.success === true && typeof (body.artifact?.code ?? body.fixedCode) === "string") return body as Answer;
  if (body?.success === false && typeof body.code === "string" && typeof body.error === "string") {
    const failure = body as Failure;
    throw new ArtifactError(failure.error, { ...failure, status });
  }
  throw unreadable(status, heedsKeys);
}

/** Undefined where the text is not JSON, which no JSON gives. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands before a function, or is there instead of it, answered: 429 before work began, 5xx perhaps after it. */
function unreadable(status: number, heedsKeys: boolean): ArtifactError {
  const message = `The answer (HTTP ${status}) is not one of this service. Try again later, or check the address.`;
  const begun = status >= 500;
  const details = { status, retryable: begun || status === 429, mayBillAgain: begun && !heedsKeys };
  return new ArtifactError(message, { code: "unreadable", ...details });
}

function lost(cause: unknown, status: number | undefined, heedsKeys: boolean): ArtifactError {
  const message =
    status === undefined
      ? "No answer came. Check the connection, the address, and whether pages of this origin may call it."
      : "The connection was lost before the answer was whole. Try again.";
  const details = { status, retryable: true, mayBillAgain: !heedsKeys, cause };
  return new ArtifactError(message, { code: "unreachable", ...details });
}

function aborted(signal: AbortSignal): ArtifactError {
  return new ArtifactError("The request was aborted.", { code: "aborted", cause: signal.reason });
}

/** From half a second to a second, and twice that for each retry before. */
function backoff(retried: number): number {
  return 2 ** retried * (0.5 + Math.random() / 2);
}

async function sleep(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((done) => {
    timer = setTimeout(done, seconds * 1000);
  });
  await untilAborted(slept, signal).finally(() => clearTimeout(timer));
}

async function inTime<Value>(work: Promise<Value>, seconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came for ${seconds} seconds.`)), seconds * 1000);
  });
  return Promise.race([work, silence]).finally(() => clearTimeout(timer));
}

/** Reject as soon as the signal fires, whatever the work is waiting for. */
function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  return new Promise<Value>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Not `crypto.randomUUID`, which pages without https do not have. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What follows is written by `make client` from docs/openapi.json.
/** Every code that the functions answer with. */
export type ServerErrorCode =
  | "artifact_invalid"
  | "artifact_missing"
  | "artifact_truncated"
  | "auth_unavailable"
  | "budget_exhausted"
  | "deadline_exceeded"
  | "fix_unusable"
  | "headers_too_large"
  | "idempotency_mismatch"
  | "internal_error"
  | "invalid_json"
  | "invalid_request"
  | "method_not_allowed"
  | "not_found"
  | "payload_too_large"
  | "rate_limited"
  | "refused"
  | "request_in_progress"
  | "service_misconfigured"
  | "store_unavailable"
  | "unauthorized"
  | "unsupported_media_type"
  | "upstream_error"
  | "upstream_overloaded"
  | "upstream_rate_limited";

/** One artifact. */
export interface ArtifactBody {
  type: Kind;
  mimeType: string;
  title: string;
  /** Of a piece of code; left out where there is none. */
  language?: string | null;
  code: string;
}

/** A further piece of the code, as it is written; the event `delta`. */
export interface DeltaEvent {
  code: string;
}

/** What the model wrote and the check refused: nothing says that it can be rendered. */
export interface Draft {
  type: Kind;
  code: string;
}

/** Why there is no artifact, and what to do. */
export interface FailureBody {
  success: false;
  /** What happened and what to do. */
  error: string;
  /** The stable name of what happened. */
  code: ServerErrorCode;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  requestId: string;
  /** When to try again, where that is known. */
  retryAfterSeconds?: number | null;
  /** The field that is at fault, where there is one. */
  field?: string | null;
}

/** What a review found in what was built. */
export interface FindingBody {
  what: string;
  /** The place in it; empty where the reviewer names none. */
  where: string;
  /** `blocking`: it does not do what was asked for; `major`: a part of that is missing or wrong; `minor`: the rest. */
  severity: "minor" | "major" | "blocking";
}

/** What generate_artifact_fix takes. */
export interface FixRequest {
  /** Goes onto the cost line and changes nothing of the answer. */
  metadata?: Metadata | null;
  /** Bare code, or a whole artifact in its tag. */
  content: string;
  /** By its short name or its MIME type. */
  type:
    | "react"
    | "html"
    | "svg"
    | "mermaid"
    | "markdown"
    | "code"
    | "application/vnd.ant.react"
    | "text/html"
    | "image/svg+xml"
    | "application/vnd.ant.mermaid"
    | "text/markdown"
    | "application/vnd.ant.code";
  /** What the browser said, in its own words; counted after trimming. */
  errorMessage: string;
}

/** What generate_artifact_fix gives. */
export interface FixResponse {
  success: true;
  requestId: string;
  model: string;
  /** The model host that served it. */
  host: string;
  usage: TokenUsage;
  costUsd: number | null;
  attempts: number;
  repaired: boolean;
  warnings: string[];
  /** Of the code that is given back. */
  version: string;
  /** The kind of the code; not the one of the request where that was plainly wrong. */
  type: Kind;
  /** Bare code, without a tag or fence. */
  fixedCode: string;
  /** Whether the model named edits of the code, or wrote the whole anew. */
  applied: "edits" | "rewrite";
  /** Of the code that was sent. */
  baseVersion: string;
  /** With `applied: "edits"` only: how many. */
  edits?: number;
}

/** What generate_artifact takes. */
export interface GenerateRequest {
  /** Goes onto the cost line and changes nothing of the answer. */
  metadata?: Metadata | null;
  /** What is to be made, or with `content` what is to be changed in it, in words; counted after trimming. */
  prompt: string;
  /** By its short name or its MIME type; absent: the model chooses, and a change keeps the kind. */
  artifactType?:
    | "react"
    | "html"
    | "svg"
    | "mermaid"
    | "markdown"
    | "code"
    | "application/vnd.ant.react"
    | "text/html"
    | "image/svg+xml"
    | "application/vnd.ant.mermaid"
    | "text/markdown"
    | "application/vnd.ant.code"
    | null;
  /** Requests with the same one are sent to the same provider, which keeps its prompt cache warm. */
  sessionId?: string | null;
  /** What is to be changed: an artifact in its tag, or bare code; its kind is `artifactType` where it is not plain. */
  content?: string | null;
  /** Whether it is made at once, or planned, built and reviewed by several models; absent: as the service says. */
  workflow?: "direct" | "reviewed" | null;
}

/** What generate_artifact gives. */
export interface GenerateResponse {
  success: true;
  requestId: string;
  model: string;
  /** The model host that served it. */
  host: string;
  usage: TokenUsage;
  costUsd: number | null;
  attempts: number;
  repaired: boolean;
  warnings: string[];
  /** Of the code that is given back. */
  version: string;
  /** The artifact in its canonical form, tag included. */
  artifactCode: string;
  artifact: ArtifactBody;
  /** With `workflow: "reviewed"` only: what was planned. */
  plan?: PlanBody;
  /** With `workflow: "reviewed"` only: what the review found. */
  review?: ReviewBody;
  /** With `content` only: whether the model named edits of it, or wrote the whole anew. */
  applied?: "edits" | "rewrite";
  /** With `content` only: of the code that was sent. Compare it with what is shown before replacing that. */
  baseVersion?: string;
  /** With `applied: "edits"` only: how many. */
  edits?: number;
}

/** A kind of artifact; its value is the short name of the contract. */
export type Kind = "react" | "html" | "svg" | "mermaid" | "markdown" | "code";

/** What the request is part of, for the operator's figures; other entries are ignored. */
export interface Metadata {
  /** What of the product asks, such as `checkout`. */
  feature?: string | null;
  /** Which part of it. */
  component?: string | null;
}

/** The same once the model host was called: what that cost, and what can still be made of it. */
export interface PaidFailureBody {
  success: false;
  /** What happened and what to do. */
  error: string;
  /** The stable name of what happened. */
  code: ServerErrorCode;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  requestId: string;
  /** When to try again, where that is known. */
  retryAfterSeconds?: number | null;
  /** The field that is at fault, where there is one. */
  field?: string | null;
  usage: TokenUsage;
  /** Of what is known of it; null where nothing is. */
  costUsd: number | null;
  attempts: number;
  /** With `artifact_invalid`: what was refused, as it stands. */
  draft?: Draft | null;
}

/** What a model planned before an artifact was built; each item is a sentence. */
export interface PlanBody {
  /** What the artifact shows. */
  shows: string[];
  /** The states that it can be in. */
  states: string[];
  /** What can be done with it. */
  interactions: string[];
  /** What it has to get right beside the usual. */
  edgeCases: string[];
}

/** All code so far is withdrawn: another attempt begins, or it was no more than thought; the event `reset`. */
export interface ResetEvent {
  /** The one that goes on from here. */
  attempt: number;
}

/** What a model found that looked at what was built, and what became of it. */
export interface ReviewBody {
  verdict: "approved" | "changes_requested";
  /** In the reviewer's order; they are about the first build, whether that was rebuilt or not. */
  findings: FindingBody[];
  /** What was to be changed for the findings; left out where that was not planned. */
  changes?: string[];
  /** What became of the rebuild: given back, or discarded for the first build; left out where there was none. */
  rebuild?: "kept" | "discarded";
}

/** What happens now; the event `status`. */
export interface StatusEvent {
  phase: "thinking" | "writing" | "checking" | "repairing" | "retrying" | "planning" | "reviewing" | "changing";
  /** Since the request was admitted. */
  elapsedSeconds: number;
  /** Of the answer that is being written, reasoning not included. */
  characters: number;
  /** Which call to the model host this is, from 1. */
  attempt: number;
}

/** Tokens over all attempts of a request. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  cachedTokens: number;
}

export type Failure = FailureBody | PaidFailureBody;

// Up to here.
