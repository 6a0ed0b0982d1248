import { create } from "zustand";
import { combine, subscribeWithSelector } from "zustand/middleware";
import { useShallow } from "zustand/shallow";

const useBears = create(
  subscribeWithSelector(combine({ bears: 0, fish: 7 }, (set) => ({ add: () => set(({ bears }) => ({ bears: bears + 1 })) }))),
);

let heard = 0;
useBears.subscribe((state) => state.bears, (bears) => { heard = bears; });

export default function Bears() {
  const [bears, fish] = useBears(useShallow((state) => [state.bears, state.fish]));
  const add = useBears((state) => state.add);
  return <p>{bears} bears, {fish} fish, heard of {heard} <button onClick={add}>One more</button></p>;
}
