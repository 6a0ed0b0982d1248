// What each error code means to a person, and the way on: a code of the service or of the client has its entry here.
// The ways are: again (the same request), anew (under a new key), edit (change what was sent), describe (ask for a new
// artifact instead), fix (have the draft mended), signIn, reload (the page) and report (copy the request ID).

export const FAILURES = {
  invalid_json: ["The service could not read the request", "This page and the service seem to be of different versions. Reload the page.", "reload"],
  invalid_request: ["Something in the request is missing or not allowed", "Change the field that is named and send it again.", "edit"],
  unauthorized: ["You are not signed in", "The service wants to know who is calling. Give it a token that has not expired, or an API key that was not withdrawn.", "signIn"],
  not_found: ["There is no such function here", "Another program may be answering at this address. See that make run is what is running, and reload.", "reload"],
  method_not_allowed: ["The service does not take such requests", "This page and the service seem to be of different versions. Reload the page.", "reload"],
  request_in_progress: ["It is still being made", "The same request has not ended yet. Ask for its result in a moment; it is billed once.", "again"],
  payload_too_large: ["That is too much text", "The service takes at most 1 MiB. Shorten it and send it again.", "edit"],
  unsupported_media_type: ["The service does not take such content", "This page and the service seem to be of different versions. Reload the page.", "reload"],
  idempotency_mismatch: ["The same key was used for another request", "Send it as a new request, under a key of its own.", "anew"],
  refused: ["The model will not write this", "Say in other words what you need, or ask for something else.", "edit"],
  rate_limited: ["Too many requests in a short time", "The limit opens again by itself.", "again"],
  budget_exhausted: ["The spending limit is reached", "It opens again at midnight UTC, or sooner where requests under way have only reserved it. Whoever runs the service can raise it.", "again"],
  headers_too_large: ["The browser sends too many cookies", "Delete the cookies of this address, or use a private window. Then try again.", "again"],
  upstream_rate_limited: ["The model host is asked too often", "Wait a little, then try again.", "again"],
  internal_error: ["The service has a bug", "Trying again will hardly help. The request ID finds its lines in the log, which is in the terminal of make run.", "report", "again"],
  upstream_error: ["The model host failed", "Every attempt went wrong on its side. Try again; if it stays so, look at its status page.", "again"],
  artifact_missing: ["The model answered without an artifact", "Try again, or say more exactly what is to be made.", "again", "edit"],
  artifact_invalid: ["What the model wrote cannot be rendered", "It was repaired once without success. Have the draft mended, or begin again.", "fix", "again"],
  artifact_truncated: ["The artifact was cut off before its end", "It grew too long. Ask for something smaller, or try again.", "edit", "again"],
  fix_unusable: ["The fix changed nothing, or took too much away", "Try again, or say in the error message more exactly what is wrong.", "again", "edit"],
  service_misconfigured: ["The service is not set up", "A setting, the key or the credit at the model host is missing. Mend that where make run was started, then try again.", "again"],
  auth_unavailable: ["Who you are cannot be checked at the moment", "The keys of the issuer, or the secret with the API keys, cannot be read. Try again in a moment.", "again", "signIn"],
  store_unavailable: ["The service cannot count requests at the moment", "Its table does not answer, so it lets nobody in. Try again in a moment.", "again"],
  upstream_overloaded: ["The model host is overloaded", "Try again in a minute.", "again"],
  deadline_exceeded: ["The model did not finish in time", "Try again, or ask for something smaller.", "again", "edit"],
  unreachable: ["No answer came", "The connection failed or broke off. See that make run is running, then try again.", "again"],
  aborted: ["Stopped", "You stopped waiting. What the service had begun it may finish, and bill.", "again", "edit"],
  unreadable: ["The answer was not one of this service", "Something in between may have answered, or the function ended without a word. Its last lines are in the terminal of make run.", "again", "reload"],
};

// What means another thing where an artifact was to be changed, by code and field.
const FAILURES_OF_CHANGES = {
  "invalid_request content": ["It is too long to be changed", "The service takes at most 50,000 characters of code. Ask for the whole as a new artifact.", "describe"],
  "invalid_request artifactType": ["The service cannot tell what this is", "Its code is not plainly of one kind. Ask for it as a new artifact, of the kind that it should be.", "describe"],
  fix_unusable: ["The change could not be made", "What came back changes nothing, or its edits do not fit. Try again, or say more precisely what is to be changed, and where.", "again", "edit"],
};

/** The codes of what the client found out, and not the service. */
export const OF_CLIENT = ["unreachable", "aborted", "unreadable"];

// A code that a newer service sends.
const UNKNOWN = ["It did not work", "The service names a reason that this page does not know.", "again"];

/** Return what to tell of a failure: its heading, a sentence, what the service said itself, and the ways on. */
export function explain({ code, message, field, draft, retryAfterSeconds, mayBillAgain }, isOfChange = false) {
  const ofChange = isOfChange && (FAILURES_OF_CHANGES[`${code} ${field}`] ?? FAILURES_OF_CHANGES[code]);
  const [heading, sentence, ...ways] = ofChange || (FAILURES[code] ?? UNKNOWN);
  const isOfClient = OF_CLIENT.includes(code);
  return {
    heading,
    sentence,
    detail: isOfClient ? billing(mayBillAgain) : `The service said: ${[field && `${field}:`, message].filter(Boolean).join(" ")}`,
    ways: ways.filter((way) => way !== "fix" || draft),
    waitSeconds: retryAfterSeconds ?? 0,
    isCalm: code === "aborted",
  };
}

function billing(mayBillAgain) {
  return mayBillAgain ? "The service may have begun; then trying again is billed as well." : "";
}
