import * as ContextMenu from "@radix-ui/react-context-menu";
import { useState } from "react";

export default function RightClick() {
  const [said, say] = useState("Nothing");
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger id="area" style={{ display: "block", padding: 20, border: "1px dashed" }}>{said} was chosen</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content style={{ background: "white" }}>
          <ContextMenu.Item id="back" onSelect={() => say("Back")}>Go back</ContextMenu.Item>
          <ContextMenu.CheckboxItem checked>Bookmarks</ContextMenu.CheckboxItem>
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}
