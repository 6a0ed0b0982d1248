import * as DropdownMenu from "@radix-ui/react-dropdown-menu";
import { useState } from "react";

export default function View() {
  const [grid, setGrid] = useState(false);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger id="view">View: {grid ? "with grid" : "plain"}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content sideOffset={5} style={{ background: "white" }}>
          <DropdownMenu.Label>Shown</DropdownMenu.Label>
          <DropdownMenu.Separator />
          <DropdownMenu.CheckboxItem id="grid" checked={grid} onCheckedChange={setGrid}>Grid lines</DropdownMenu.CheckboxItem>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
