import { FaBeer, FaGithub } from "react-icons/fa";
import { FaHouse } from "react-icons/fa6";
import { FiSettings } from "react-icons/fi";
import { MdOutlineDarkMode } from "react-icons/md";
import { BsSun } from "react-icons/bs";
import { AiFillStar } from "react-icons/ai";
import { IoIosAlarm } from "react-icons/io";
import { IoClose } from "react-icons/io5";
import { HiOutlineMenu } from "react-icons/hi";
import { HiSparkles } from "react-icons/hi2";
import { LuSwords } from "react-icons/lu";
import { SiReact } from "react-icons/si";
import { TbBrain } from "react-icons/tb";
import { GiDragonHead } from "react-icons/gi";
import { RiHome2Line } from "react-icons/ri";
import { IconContext } from "react-icons";

const ICONS = [
  FaBeer, FaGithub, FaHouse, FiSettings, MdOutlineDarkMode, BsSun, AiFillStar, IoIosAlarm, IoClose, HiOutlineMenu,
  HiSparkles, LuSwords, SiReact, TbBrain, GiDragonHead, RiHome2Line,
];

export default function Icons() {
  return (
    <IconContext.Provider value={{ size: 32, color: "rebeccapurple", className: "icon" }}>
      <p>{ICONS.map((Icon, index) => <Icon key={index} title={`icon ${index}`} />)}</p>
    </IconContext.Provider>
  );
}
