"""Packs the pages of the results. Only these: packing the trainees' answers again would slow their hot path down."""

from __future__ import annotations

from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware

packed_pages = DefineMiddleware(CompressionMiddleware, config=CompressionConfig(backend="brotli", brotli_quality=5))
