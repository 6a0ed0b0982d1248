import * as Collapsible from "@radix-ui/react-collapsible";
import { useState } from "react";

export default function More() {
  const [open, setOpen] = useState(false);
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen}>
      <Collapsible.Trigger id="more">{open ? "Less" : "More"}</Collapsible.Trigger>
      <Collapsible.Content>Now you see me</Collapsible.Content>
    </Collapsible.Root>
  );
}
