import { produce, enableMapSet, type Draft } from "immer";
import { useState } from "react";

enableMapSet();
interface State { names: string[]; seen: Set<string> }
const START: State = { names: ["Ada"], seen: new Set(["Ada"]) };

export default function Names() {
  const [state, setState] = useState<State>(START);
  const add = () => setState(produce((draft: Draft<State>) => { draft.names.push("Grace"); draft.seen.add("Grace"); }));
  return (
    <p>
      {state.names.join(" and ")}, {state.seen.size} seen, {START.names.length} at the start,{" "}
      {Object.isFrozen(produce(START, (draft) => { draft.names.push("x"); })) ? "frozen" : "loose"}
      <button onClick={add}>Add</button>
    </p>
  );
}
