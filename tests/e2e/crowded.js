// What has no room on a page, said in a few lines. Of each line of text the middle half counts:
// lines stand closer together than their boxes say. What opens over a page is left out.
() => {
    const opaque = color => !/, 0\)$|^transparent$/.test(color);
    const style = e => getComputedStyle(e);
    const unseen = e => e && (e.offsetWidth <= 1 && style(e).overflow === "hidden"
        || style(e).clipPath === "inset(50%)" || unseen(e.parentElement));
    const above = e =>
        e.closest("dialog, .languages ul, .utrecht-skip-link, #voorstellen, .melding");
    const called = e => e.outerHTML.replace(/\s+/g, " ").slice(0, 90);
    const boxed = e => opaque(style(e).backgroundColor) || parseFloat(style(e).borderTopWidth) > 0;
    const holder = e => !e || boxed(e) ? e : holder(e.parentElement);
    const wrong = new Set();
    const fits = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
        && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
    const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;

    if (document.documentElement.scrollWidth > innerWidth) wrong.add("the page scrolls sideways");
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
        if (element.closest("option, datalist") || above(element) || unseen(element)) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        for (const { left, right, top, bottom } of range.getClientRects()) {
            const quarter = (bottom - top) / 4;
            lines.push({ element, left, right, top: top + quarter, bottom: bottom - quarter });
        }
    }
    for (const line of lines) {
        const box = holder(line.element);
        if (line.left < -1 || line.right > innerWidth + 1)
            wrong.add(`out of the window: ${called(line.element)}`);
        else if (box && box !== document.body && !fits(line, box.getBoundingClientRect()))
            wrong.add(`out of its box: ${called(line.element)}`);
    }
    lines.forEach((line, at) => lines.slice(at + 1).forEach(other => {
        if (line.element !== other.element && cross(line, other))
            wrong.add(`over one another: ${called(line.element)} and ${called(other.element)}`);
    }));
    for (const e of document.querySelectorAll("body, body *")) {
        if (!e.checkVisibility() || unseen(e) || above(e)) continue;
        if (e.matches("input, select, svg *")) continue;
        if (/hidden|clip/.test(style(e).overflow)
            && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
            wrong.add(`cut off: ${called(e)}`);
    }
    for (const e of document.querySelectorAll("button, .utrecht-button, input, select")) {
        if (!e.checkVisibility() || unseen(e) || above(e)) continue;
        const box = e.getBoundingClientRect();
        for (const line of lines)
            if (!e.contains(line.element) && cross(line, box))
                wrong.add(`${called(e)} covers ${called(line.element)}`);
    }
    return [...wrong].slice(0, 4);
}
