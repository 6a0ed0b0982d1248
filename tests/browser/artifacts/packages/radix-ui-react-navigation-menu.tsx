import * as NavigationMenu from "@radix-ui/react-navigation-menu";

export default function Site() {
  return (
    <NavigationMenu.Root delayDuration={0}>
      <NavigationMenu.List>
        <NavigationMenu.Item>
          <NavigationMenu.Trigger id="learn">Learn</NavigationMenu.Trigger>
          <NavigationMenu.Content><NavigationMenu.Link href="#intro">Introduction</NavigationMenu.Link></NavigationMenu.Content>
        </NavigationMenu.Item>
        <NavigationMenu.Indicator />
      </NavigationMenu.List>
      <NavigationMenu.Viewport />
    </NavigationMenu.Root>
  );
}
