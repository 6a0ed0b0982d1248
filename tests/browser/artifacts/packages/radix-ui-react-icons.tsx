import { FaceIcon, ImageIcon, SunIcon } from "@radix-ui/react-icons";

export default function Icons() {
  return <p><FaceIcon id="face" width={30} height={30} /><SunIcon id="sun" color="orange" /><ImageIcon /></p>;
}
