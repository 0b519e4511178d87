from bench.listeners import Door, Ear, Group, Listener
from bench.wire import word

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(number: int) -> bytes:
    return b'id: epoch-%d\ndata: <li data-seq="%d">%s</li>\n\n' % (number, number, word(number, 0).encode())


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def test_a_line_is_heard_when_its_event_is_whole_wherever_the_pieces_end() -> None:
    group = Group()
    wire = Listener(Ear(group, Door([0], "/", [""]), 0))
    wire.data_received(HEAD)
    said = event(1) + event(2) + event(3)
    middle = len(event(1)) + 9  # in the second event, as what holds the stream fills its buffer
    heard = []
    for piece in (said[:7], said[7:middle], said[middle:-1], said[-1:]):
        wire.data_received(chunk(piece))
        heard.append(len(group.latencies))
    assert heard == [0, 1, 2, 3]
    assert group.tally([1, 2, 3]).wrong == (0, 0, 0, 0)
