"""SONiC's minigraph XML: devices, and the links of one switch with their bandwidth in Mbit/s.

Source: the parser of minigraphs in sonic-config-engine; elements are found by name in any
namespace.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from declarant.clusters.observation import UNKNOWN_RATE, NodeKind, Observation
from declarant.clusters.readers.columns import FabricRows
from declarant.clusters.readers.guarded_xml import child, parse_xml, tag, text_of
from declarant.clusters.readers.registry import ReadContext, reader
from declarant.clusters.readers.sonic_links import bits_per_second, kind_of
from declarant.clusters.readers.tally import Tally
from declarant.formats import Sample
from declarant.problems import Finding, Severity, bad_input

_DATA_LINKS = {"", "DeviceInterfaceLink", "UnderlayInterfaceLink"}  # others: serial, management


def _is_minigraph(sample: Sample) -> bool:
    return "<DeviceMiniGraph" in sample.head


@reader("sonic-minigraph", shows="SONiC minigraph.xml", suffixes=(".xml",), sniff=_is_minigraph)
def read(content: bytes, context: ReadContext) -> Observation:
    """Read the devices and the links between them; a link stands once for its pair of ports.

    Raises:
        BadInput: when it is not such XML, or holds no link.
    """
    root = parse_xml(content, "DeviceMiniGraph", context)
    png = child(root, "PngDec")
    own = text_of(root, "Hostname")
    types = dict(_types(png))
    speeds = dict(_port_speeds(root))
    rows = FabricRows()
    met: set[frozenset[tuple[str, str]]] = set()
    broken, speedless, typeless = Tally(), Tally(), Tally()
    for number, link in enumerate(_children(child(png, "DeviceInterfaceLinks"), "DeviceLinkBase")):
        if text_of(link, "ElementType") not in _DATA_LINKS:
            continue
        ends = [
            (text_of(link, f"{end}Device"), text_of(link, f"{end}Port")) for end in ("Start", "End")
        ]
        if not all(device for device, _ in ends):
            broken.add(f"DeviceLinkBase[{number}]")
            continue
        if all(port for _, port in ends):
            if frozenset(ends) in met:
                continue
            met.add(frozenset(ends))
        shown = "-".join(f"{device}:{port}" for device, port in ends)
        kinds = [
            NodeKind.SWITCH if device == own else kind_of(types.get(device, ""))
            for device, _ in ends
        ]
        if NodeKind.UNKNOWN in kinds:
            typeless.add(shown)
        rate = bits_per_second(text_of(link, "Bandwidth"))
        if rate is None:
            own_port = next((port for device, port in ends if device == own), "")
            rate = bits_per_second(speeds.get(own_port))
        if rate is None:
            speedless.add(shown)
            rate = UNKNOWN_RATE
        a, b = (
            rows.node(device, kind, host=device if kind is NodeKind.MACHINE else "")
            for (device, _), kind in zip(ends, kinds, strict=True)
        )
        rows.link(a, b, rate, rate)
    if not rows.ends:
        raise bad_input(
            "sonic-minigraph.no_links",
            "holds no link between devices.",
            mend="Take /etc/sonic/minigraph.xml from the switch.",
            file=context.file,
            field="PngDec.DeviceInterfaceLinks",
        )
    return context.observation(
        nodes=rows.nodes(),
        links=rows.links(),
        findings=_findings(broken, speedless, typeless, context),
    )


def _types(png: Element | None) -> Iterator[tuple[str, str]]:
    """Yield (device, type); the type stands in the attribute i:type."""
    for device in _children(child(png, "Devices"), "Device"):
        name = text_of(device, "Hostname")
        for key, type_ in device.attrib.items():
            if name and key.rpartition("}")[2] == "type":
                yield name, type_.rpartition(":")[2]


def _port_speeds(root: Element) -> Iterator[tuple[str, str]]:
    for info in _children(child(root, "DeviceInfos"), "DeviceInfo"):
        for port in _children(child(info, "EthernetInterfaces"), "EthernetInterface"):
            yield text_of(port, "InterfaceName"), text_of(port, "Speed")


def _children(element: Element | None, name: str) -> Iterator[Element]:
    for inner in element if element is not None else ():
        if tag(inner) == name:
            yield inner


def _findings(
    broken: Tally, speedless: Tally, typeless: Tally, context: ReadContext
) -> tuple[Finding, ...]:
    links = ("link", "links")
    return (
        *broken.told(
            context,
            "link_end",
            "without a device at one end",
            links,
            mend="Set StartDevice and EndDevice.",
            field=broken.first,
            effect="links are missing: connectivity is a lower bound",
        ),
        *speedless.told(
            context,
            "no_speed",
            "without a bandwidth in Mbit/s",
            links,
            mend="Set Bandwidth (400000 is 400 Gbit/s).",
            effect="the rate of these links is not known",
        ),
        *typeless.told(
            context,
            "neighbour_type",
            "to a device of no type, so that nobody can tell a machine from a switch",
            links,
            mend="Add the device to PngDec.Devices with its i:type, or list the machines (CSV).",
            severity=Severity.NOTE,
        ),
    )
