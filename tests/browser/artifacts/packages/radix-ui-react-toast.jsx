import * as Toast from "@radix-ui/react-toast";
import { useState } from "react";

export default function Saved() {
  const [open, setOpen] = useState(false);
  return (
    <Toast.Provider duration={60000}>
      <button id="save" onClick={() => setOpen(true)}>Save</button>
      <Toast.Root open={open} onOpenChange={setOpen}><Toast.Title>Saved</Toast.Title><Toast.Description>All is well</Toast.Description><Toast.Close>Fine</Toast.Close></Toast.Root>
      <Toast.Viewport />
    </Toast.Provider>
  );
}
