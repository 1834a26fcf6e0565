document.querySelectorAll('figure').forEach(figure => {
  const box = figure.querySelector('.scroll'), out = figure.querySelector('output'), hint = out.textContent, marks = new Map();
  let now = null, locked = false;
  figure.querySelectorAll('[data-at]').forEach(mark => marks.set(mark.dataset.at, mark));
  const at = (panel, row, column) => marks.get([panel, row, column].join(','));
  const says = mark => {
    const title = mark.querySelector('title');
    if (title) return title.textContent;
    const [panel, row, column] = mark.dataset.at.split(',').map(Number), rows = figure.querySelectorAll('table')[panel].rows;
    return `${rows[row + 1].cells[0].textContent}, ${rows[0].cells[column + 1].textContent}: ${rows[row + 1].cells[column + 1].textContent}`;
  };
  const show = mark => {
    if (now) now.classList.remove('on');
    now = mark || null;
    if (!now) locked = false;
    if (now) now.classList.add('on');
    out.textContent = now ? says(now) : hint;
    out.classList.toggle('idle', !now);
    out.classList.toggle('locked', locked);
  };
  const last = (panel, row) => { let column = 0; while (at(panel, row, column + 1)) column++; return at(panel, row, column); };
  const near = (panel, row, column) => { while (column > 0 ? !at(panel, row, column) : false) column--; return at(panel, row, column); };
  const move = (down, right) => {
    if (!now) return at(0, 0, 0);
    const [panel, row, column] = now.dataset.at.split(',').map(Number);
    if (down) return near(panel, row + down, column);
    return at(panel, row, column + right) || (right > 0 ? at(panel + 1, row, 0) || at(panel, row + 1, 0) : last(panel - 1, row) || last(panel, row - 1));
  };
  box.addEventListener('pointermove', event => {
    if (locked) return;
    const mark = event.target.closest('[data-at]');
    if (mark !== now) show(mark);
  });
  box.addEventListener('pointerleave', () => { if (!locked) show(null); });
  box.addEventListener('click', event => {
    const mark = event.target.closest('[data-at]');
    locked = mark ? !(locked ? mark === now : false) : false;
    show(mark);
  });
  box.addEventListener('keydown', event => {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (way) {
      const next = move(way[0], way[1]);
      if (next) { locked = true; show(next); next.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }
      event.preventDefault();
    } else if (event.key === 'Escape') {
      show(null);
    } else if (event.key === 'Enter' || event.key === ' ') {
      locked = now ? !locked : false; show(now); event.preventDefault();
    }
  });
  document.addEventListener('copy', event => {
    if (String(getSelection()) || !figure.contains(document.activeElement)) return;
    const lines = [...figure.querySelectorAll('table')].map(table => [table.caption.textContent]
      .concat([...table.rows].map(row => [...row.cells].map(cell => cell.textContent).join('\t'))).join('\n'));
    event.clipboardData.setData('text/plain', lines.join('\n\n') + '\n');
    event.preventDefault();
    out.textContent = 'Copied as text.';
  });
});
