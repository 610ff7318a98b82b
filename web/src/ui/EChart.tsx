import { theme } from 'antd';
import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent, TooltipComponent, type GridComponentOption, type TooltipComponentOption } from 'echarts/components';
import { init, use as register, type ComposeOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ChartProps } from './Chart';

// Only what is drawn somewhere: ECharts is the largest part of what a browser has to load.
register([BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<BarSeriesOption | GridComponentOption | TooltipComponentOption>;

/** Draws with the colours of the theme. Tooltips are drawn too: HTML ones carry style attributes, which the CSP refuses. */
export default function EChart({ label, option, height, onPick }: ChartProps & { height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { token } = theme.useToken();
  useEffect(() => {
    if (box.current === null) return undefined;
    const chart = init(box.current, {
      color: [token.colorPrimary, token.colorSuccess, token.colorWarning, token.purple, token.cyan, token.magenta],
      textStyle: { color: token.colorTextSecondary, fontFamily: token.fontFamily, fontSize: token.fontSizeSM },
      categoryAxis: {
        axisLine: { lineStyle: { color: token.colorBorder } },
        axisTick: { show: false },
        axisLabel: { color: token.colorTextSecondary },
        splitLine: { show: false },
      },
      valueAxis: {
        axisLabel: { color: token.colorTextSecondary },
        splitLine: { lineStyle: { color: token.colorBorderSecondary } },
      },
      bar: { label: { color: token.colorText, textBorderWidth: 0 } },
      tooltip: {
        backgroundColor: token.colorBgElevated,
        borderColor: token.colorBorder,
        textStyle: { color: token.colorText, fontSize: token.fontSizeSM },
      },
    });
    chart.setOption({ ...option, animationDuration: 300, tooltip: { renderMode: 'richText', confine: true, ...option.tooltip } });
    if (onPick !== undefined) chart.on('click', (event) => onPick(event.name));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, token, onPick]);
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
