import * as Popover from "@radix-ui/react-popover";

export default function Dimensions() {
  return (
    <Popover.Root>
      <Popover.Trigger id="open">Dimensions</Popover.Trigger>
      <Popover.Anchor />
      <Popover.Portal>
        <Popover.Content sideOffset={5}>Width and height<Popover.Close aria-label="close">×</Popover.Close><Popover.Arrow /></Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
