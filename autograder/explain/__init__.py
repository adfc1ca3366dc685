"""An appeal: what one exercise of one student was asked, what came back, and a notebook that does it again."""
