"""The shared map in a browser: drawn, walked by keys, coupled with its list, taking in a boundary."""

import json

import pytest

from yike.web.audit.chain import Who
from yike.web.regions.actions import change_circle
from yike.web.regions.divisions import load_tianshui_circles
from yike.web.regions.models import Circle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROGRAM = Who(None)


def square(lon, lat, half=0.005):
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = [[round(lon + a * half, 6), round(lat + b * half, 6)] for a, b in corners]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def page(browser, live_server, make_account, now, client, settings):
    circles = load_tianshui_circles(who=PROGRAM, now=now)
    for i, circle in enumerate(circles[:3]):
        change_circle(
            who=PROGRAM, circle=circle, fields={"boundary": square(105.7 + i * 0.02, 34.58)}, now=now
        )
    client.force_login(make_account("shi", "6205", "city", must_change_password=False))
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    opened = context.new_page()
    complaints = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.home = live_server.url
    yield opened
    context.close()
    assert complaints == []


def open_map(page, path):
    page.goto(page.home + path)
    page.wait_for_selector(".map[data-ready]")
    return page.locator(".map")


def test_the_list_of_circles_and_its_map_show_the_same_thing(page):
    shown = open_map(page, "/desk/regions/circles/")
    assert shown.locator(".map-legend li").inner_text().split() == ["生活圈", "·", "待处理", "3"]
    assert "3 个生活圈没有登记边界" in shown.locator(".map-foot").inner_text()
    assert "未经地图审核" in shown.locator(".map-foot").inner_text()

    page.locator("tbody tr", has_text="西关").hover()
    assert shown.locator(".map-tip a").inner_text() == "西关一刻钟便民生活圈"

    face = shown.locator(".map-face")
    face.focus()
    page.keyboard.press("n")
    name = shown.locator(".map-tip a").inner_text()
    assert page.locator("tr.on-map th").inner_text().startswith(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/regions/circles/*/")
    assert page.get_by_role("heading", level=1).inner_text() == name


def test_the_keys_zoom_and_the_scale_bar_follows(page):
    shown = open_map(page, "/desk/regions/circles/")
    before = shown.locator(".map-bar").inner_text()

    shown.locator(".map-face").focus()
    for _ in range(5):
        page.keyboard.press("+")

    page.wait_for_function(f"document.querySelector('.map-bar').textContent !== '{before}'")


def test_a_boundary_is_drawn_corner_by_corner_and_kept(page):
    circle = Circle.objects.get(name__startswith="大城")
    shown = open_map(page, f"/desk/regions/circles/{circle.pk}/boundary/")
    shown.get_by_role("button", name="重新画").click()
    box = shown.bounding_box()
    for x, y in ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.5, 0.9)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    shown.get_by_role("button", name="去掉最后一个角").click()
    drawn = json.loads(page.get_by_label("边界（GeoJSON）").input_value())

    page.get_by_role("button", name="保存边界").click()
    page.wait_for_url(f"**/desk/regions/circles/{circle.pk}/")

    assert len(drawn["coordinates"][0]) == 5
    assert Circle.objects.get(pk=circle.pk).boundary == drawn


def test_the_sample_map_colours_types_and_opens_the_feature_under_the_pointer(page):
    shown = open_map(page, "/desk/ui/")
    words = shown.locator(".map-legend li").all_inner_texts()
    assert [w.split()[0] for w in words if "店" in w or "点" in w] == ["早餐店", "维修点", "洗染店", "药店"]
    ink = page.evaluate("""() => {
      const face = document.querySelector('.map-face');
      const seen = face.getContext('2d').getImageData(0, 0, face.width, face.height).data;
      const colours = new Set();
      for (let i = 0; i < seen.length; i += 4) colours.add(seen[i] << 16 | seen[i + 1] << 8 | seen[i + 2]);
      return [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7].filter((c) => colours.has(c)).length;
    }""")
    assert ink == 4
