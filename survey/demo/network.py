"""The address under which a phone in the same network finds this machine."""

from __future__ import annotations

import ipaddress
import socket

from survey.refusals import Refused

# Of a block kept for documentation (RFC 5737): no such machine exists.
ELSEWHERE = ("192.0.2.1", 9)
NO_NETWORK = (
    "Máy này không nối với mạng nào mà điện thoại vào được; hãy bật Wi-Fi hoặc bỏ --lan. / "
    "This machine is in no network that a phone could be in; switch Wi-Fi on, or leave --lan out."
)


def address_in_network() -> str:
    """The machine's own address towards others. Nothing is sent: connecting a datagram socket only picks a way out.

    Raises:
        Refused: the machine is in no network.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError as error:
            raise Refused(NO_NETWORK) from error
        address: str = probe.getsockname()[0]
    if ipaddress.ip_address(address).is_loopback:
        raise Refused(NO_NETWORK)
    return address
