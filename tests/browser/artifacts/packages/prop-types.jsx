import PropTypes from "prop-types";

const seen = [];
PropTypes.resetWarningCache();
const type = PropTypes.shape({ name: PropTypes.string.isRequired, size: PropTypes.oneOf([1, 2]) });

function Label({ item }) {
  return <b>{item.name}</b>;
}
Label.propTypes = { item: type.isRequired };
seen.push(typeof Label.propTypes.item, typeof PropTypes.arrayOf(PropTypes.number), typeof PropTypes.checkPropTypes);

export default function Labels() {
  return <p><Label item={{ name: "labelled", size: 1 }} /> {seen.join(" ")}</p>;
}
