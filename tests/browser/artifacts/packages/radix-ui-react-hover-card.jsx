import * as HoverCard from "@radix-ui/react-hover-card";

export default function Hover() {
  return (
    <HoverCard.Root openDelay={0}>
      <HoverCard.Trigger href="#ada" id="ada">@ada</HoverCard.Trigger>
      <HoverCard.Portal><HoverCard.Content>The first programmer<HoverCard.Arrow /></HoverCard.Content></HoverCard.Portal>
    </HoverCard.Root>
  );
}
