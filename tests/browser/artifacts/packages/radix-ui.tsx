import { Accordion, Dialog, Label, VisuallyHidden } from "radix-ui";

export default function Together() {
  return (
    <div>
      <Accordion.Root type="single" collapsible>
        <Accordion.Item value="a">
          <Accordion.Trigger id="item">Item</Accordion.Trigger>
          <Accordion.Content>Unfolded</Accordion.Content>
        </Accordion.Item>
      </Accordion.Root>
      <Dialog.Root>
        <Dialog.Trigger id="open">Open</Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay />
          <Dialog.Content>
            <Dialog.Title>From one package</Dialog.Title>
            <VisuallyHidden.Root><Dialog.Description>hidden</Dialog.Description></VisuallyHidden.Root>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      <Label.Root htmlFor="field">Label</Label.Root><input id="field" />
    </div>
  );
}
