import * as Avatar from "@radix-ui/react-avatar";

const FACE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='40' height='40'%3E%3Ccircle cx='20' cy='20' r='20'/%3E%3C/svg%3E";

export default function Faces() {
  return (
    <div>
      <Avatar.Root><Avatar.Image src={FACE} alt="face" id="face" /><Avatar.Fallback>XX</Avatar.Fallback></Avatar.Root>
      <Avatar.Root><Avatar.Fallback>AL falls back</Avatar.Fallback></Avatar.Root>
    </div>
  );
}
