/** Hazards an officer can choose for an own instruction; labels of received ones come from the server. */
export const hazards = [
  { code: 'rain', label: '暴雨' },
  { code: 'flash_flood', label: '山洪' },
  { code: 'geohazard', label: '地质灾害' },
  { code: 'flood', label: '江河洪水' },
  { code: 'reservoir', label: '水库泄洪' },
  { code: 'wind', label: '大风' },
  { code: 'lightning', label: '雷电' },
  { code: 'heat', label: '高温' },
  { code: 'ice', label: '低温雨雪冰冻' },
  { code: 'fog', label: '大雾' },
  { code: 'fire', label: '森林草原火险' },
  { code: 'quake', label: '地震' },
  { code: 'other', label: '其他' },
] as const;
