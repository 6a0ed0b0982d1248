import * as Tabs from "@radix-ui/react-tabs";

export default function Account() {
  return (
    <Tabs.Root defaultValue="account">
      <Tabs.List aria-label="Settings"><Tabs.Trigger value="account">Account</Tabs.Trigger><Tabs.Trigger value="password" id="password">Password</Tabs.Trigger></Tabs.List>
      <Tabs.Content value="account">Your account</Tabs.Content>
      <Tabs.Content value="password">Your secret</Tabs.Content>
    </Tabs.Root>
  );
}
