import * as Dialog from "@radix-ui/react-dialog";

export default function Profile() {
  return (
    <Dialog.Root>
      <Dialog.Trigger asChild><button id="open">Edit profile</button></Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay style={{ position: "fixed", inset: 0, background: "rgb(0 0 0 / .3)" }} />
        <Dialog.Content style={{ position: "fixed", top: 40, left: 40, background: "white" }}>
          <Dialog.Title>Profile</Dialog.Title>
          <Dialog.Description>Change your name</Dialog.Description>
          <input defaultValue="Ada" />
          <Dialog.Close id="close">Save</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
