"""Run by `lms.files.apart` in a process of its own: writes one picture anew, or draws the first
pages of a PDF. It imports nothing of ours, so that it starts quickly and knows nothing."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import warnings
from typing import Any, NoReturn

UNREADABLE = 3
HOW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True, "progressive": True},
    "PNG": {},
    "WEBP": {"quality": 88, "method": 4},
}


def _fail(code: str) -> NoReturn:
    sys.stdout.write(code)
    sys.stdout.flush()
    sys.exit(UNREADABLE)


def _limit_ourselves(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # macOS does not limit this
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _say(body: bytes, **facts: int) -> None:
    sys.stdout.buffer.write(json.dumps({"size": len(body), **facts}).encode() + b"\n" + body)


def picture(data: bytes, wishes: dict[str, Any]) -> None:
    """Read, turn upright, take its colours over into sRGB, write the pixels and nothing else."""
    from PIL import Image, ImageOps

    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = wishes["pixels"]
    try:
        found = Image.open(io.BytesIO(data), formats=[wishes["format"]])
        if found.width * found.height > wishes["pixels"]:
            _fail("pixels")
        if getattr(found, "n_frames", 1) > 1:
            _fail("moving")
        found.load()
        upright = _in_srgb(ImageOps.exif_transpose(found))
        clear = "A" in upright.getbands() or "transparency" in upright.info
        drawn = upright.convert("RGBA" if clear and wishes["as"] != "JPEG" else "RGB")
        if wishes["side"] and max(drawn.size) > wishes["side"]:
            drawn.thumbnail((wishes["side"], wishes["side"]), Image.Resampling.LANCZOS)
        drawn.info = {}
        written = io.BytesIO()
        drawn.save(written, format=wishes["as"], **HOW[wishes["as"]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _fail("pixels")
    _say(written.getvalue(), width=drawn.width, height=drawn.height)


def _in_srgb(found: Any) -> Any:
    from PIL import ImageCms

    profile = found.info.get("icc_profile")
    if not profile or found.mode not in ("RGB", "CMYK", "L"):
        return found
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(
            found, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return found  # a broken profile: its colours are taken as they stand


def pdf(data: bytes, wishes: dict[str, Any]) -> None:
    """Count the pages and draw the first of them, each as it is said."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(data)
    count = len(document)
    for number in range(min(count, wishes["pages"])):
        page = document[number]
        longest = max(*page.get_size(), 1.0)
        drawn = page.render(scale=wishes["side"] / longest).to_pil().convert("RGB")
        written = io.BytesIO()
        drawn.save(written, format="PNG")
        _say(written.getvalue(), width=drawn.width, height=drawn.height, pages=count)


def main() -> None:
    """Do what the first argument says with what comes on standard input."""
    wishes = json.loads(sys.argv[1])
    _limit_ourselves(wishes["seconds"], wishes["memory"])
    look = {"picture": picture, "pdf": pdf}[wishes["what"]]
    try:
        look(sys.stdin.buffer.read(), wishes)
    except MemoryError:
        _fail("memory")
    except Exception:  # noqa: BLE001 - whatever a decoder meets, the file is not readable
        _fail("broken")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
