import * as Tooltip from "@radix-ui/react-tooltip";

export default function Hint() {
  return (
    <Tooltip.Provider delayDuration={0}>
      <Tooltip.Root>
        <Tooltip.Trigger id="plus">+</Tooltip.Trigger>
        <Tooltip.Portal><Tooltip.Content sideOffset={5}>Add to library<Tooltip.Arrow /></Tooltip.Content></Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
