import React, { useEffect, useState, version } from "react";
import { jsx } from "react/jsx-runtime";

export default function Made() {
  const [mounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const children = React.Children.toArray([<b key="a">one</b>, null, "two"]);
  return jsx("main", {
    children: `React ${version.split(".")[0]} has ${children.length} children and ${mounted ? "mounted" : "waits"}`,
  });
}
