import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useState } from "react";

export default function Delete() {
  const [gone, setGone] = useState(false);
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger id="delete">Delete</AlertDialog.Trigger>
      <p>{gone ? "It is gone" : "It is here"}</p>
      <AlertDialog.Portal>
        <AlertDialog.Overlay />
        <AlertDialog.Content>
          <AlertDialog.Title>Are you sure?</AlertDialog.Title>
          <AlertDialog.Description>This cannot be undone.</AlertDialog.Description>
          <AlertDialog.Cancel>Keep it</AlertDialog.Cancel>
          <AlertDialog.Action id="sure" onClick={() => setGone(true)}>Yes</AlertDialog.Action>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
