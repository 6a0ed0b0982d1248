import { useEffect, useRef, useState } from "react";
import { type ArtifactError, type ArtifactsClient, type GenerateRequest, type GenerateResponse } from "./client.js";

/** Generate artifacts for a component, one at a time; the next one, or unmounting, aborts what is under way. */
export function useArtifact(client: ArtifactsClient) {
  const [state, setState] = useState<{ code: string; answer?: GenerateResponse; error?: ArtifactError }>({ code: "" });
  const latest = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => latest.current?.abort(), []);
  const generate = async (request: GenerateRequest) => {
    latest.current?.abort();
    const { signal } = (latest.current = new AbortController());
    const onReset = () => setState({ code: "" });
    const onDelta = ({ code }: { code: string }) => setState((before) => ({ code: before.code + code }));
    onReset();
    const end = await client.generate(request, { signal, onDelta, onReset }).then((answer) => ({ answer }), (error: ArtifactError) => ({ error }));
    if (!signal.aborted) setState((before) => ({ ...before, ...end }));
  };
  return { ...state, generate };
}
