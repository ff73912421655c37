"""The asyncio program that keeps every watch of every server fed; it knows no Qt."""
