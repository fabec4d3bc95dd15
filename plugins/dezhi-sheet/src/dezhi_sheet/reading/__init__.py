"""From a village's own workbook to drafts of rows, for a person to confirm.

1. `drafts` answers the hook `read_sheet`: what was found on each grid becomes rows of this plugin.
2. `preparing` puts a grid plainer first: the workbook's own abbreviations written out (`legend`), points told in
   several cells in one (`spelled`), tables pasted into one column or one cell parted (`pasted`, `folded`), and prices
   told in words taken out (`prices`).
3. `grid` makes a matrix of the cells, each a line in two writings: as shown, and as patterns match it.
4. `ways` reads that matrix in several ways and takes the one that explains most of it (`worth`): from the top down
   (`layouts.stack`), as a poster (`layouts.poster`), as tables side by side (`layouts.regions`); and where it is cards,
   questions, or runs across (`preparing.cards`, `.questions`, `.across`), as the plain table it makes.
5. `tables` finds headings, tells what the columns hold, and reads the rows; `prose` reads what stands in sentences.
6. `phrases` knows the words: points, units, limits, quotas, and the headings of columns. Every way reads by it alone.
7. `items` settles what an item is and how sure of it one may be, `turns` what the first time gives and the later ones,
   and `rows` what becomes of it as a row of the sheet; `around` keeps the items and what was passed over.
8. `remarks` adds what remarks say of items, `notes` tells which rules in words nobody read, `tiers` links the grades
   of one deed, and `speech` tells in a sentence what was understood.
"""

from .drafts import read as read, read_sheet as read_sheet
