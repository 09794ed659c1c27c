// What the map itself says; everything about the data comes with the data.
export const WORDS = {
  nearer: "放大", farther: "缩小", whole: "全图", legend: "图例", sketch: "示意图，未经地图审核，不作权属依据",
  review: "审图号：", asOf: "数据日期 ", empty: "没有可以画在图上的位置。", failed: "地图数据没有取到，请刷新页面；内容见列表。",
  keys: "方向键移动，加减键缩放，0 看全图，N 和 P 逐个看，回车打开。",
  takeBack: "去掉最后一个角", clear: "重新画", open: "打开", metres: "米", kilometres: "公里",
};
