"""The dashboard API beside a Netdata agent: `wodesk serve`."""
