import { useEffect, useRef, useState } from "react";
import {
  type ArtifactError,
  type ArtifactsClient,
  type DeltaEvent,
  type GenerateRequest,
  type GenerateResponse,
  type PlanBody,
  type ReviewBody,
} from "./client.js";

/** What is known so far: the code as it is written, of a reviewed artifact the plan and the review, and what it came to. */
type State = {
  code: string;
  plan?: PlanBody | undefined;
  review?: ReviewBody | undefined;
  answer?: GenerateResponse;
  error?: ArtifactError;
};

/** Generate artifacts for a component, one at a time; the next one, or unmounting, aborts what is under way. */
export function useArtifact(client: ArtifactsClient) {
  const [state, setState] = useState<State>({ code: "" });
  const latest = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => latest.current?.abort(), []);
  const generate = async (request: GenerateRequest) => {
    latest.current?.abort();
    const { signal } = (latest.current = new AbortController());
    const onReset = () => setState((before) => ({ ...before, code: "" }));
    const onDelta = ({ code }: DeltaEvent) => setState((before) => ({ ...before, code: before.code + code }));
    const onPlan = (plan: PlanBody) => setState((before) => ({ ...before, plan }));
    const onReview = (review: ReviewBody) => setState((before) => ({ ...before, review }));
    const begin = () => setState({ code: "" }); // a further try has a plan and a review of its own, or none
    begin();
    const call = { signal, onDelta, onReset, onPlan, onReview, onRetry: begin };
    const end = await client.generate(request, call).then(
      (answer) => ({ answer, plan: answer.plan, review: answer.review }),
      (error: ArtifactError) => ({ error }),
    );
    if (!signal.aborted) setState((before) => ({ ...before, ...end }));
  };
  return { ...state, generate };
}
