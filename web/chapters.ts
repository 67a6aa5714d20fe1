/** The chapters in reading order. Each has a folder in web/chapters and an address of its own, `<id>.html` and `fr/<id>.html`. */
export const chapters = [
  {
    id: "neuron",
    en: { title: "The neuron", idea: "A weighted sum, a threshold, and a line across the plane" },
    fr: { title: "Le neurone", idea: "Une somme pondérée, un seuil, et une droite dans le plan" },
  },
  {
    id: "perceptron",
    en: { title: "The perceptron", idea: "Learning from mistakes, one example at a time" },
    fr: { title: "Le perceptron", idea: "Apprendre de ses erreurs, un exemple à la fois" },
  },
  {
    id: "hidden-layer",
    en: { title: "The hidden layer", idea: "What one line cannot separate, a bent plane can" },
    fr: { title: "La couche cachée", idea: "Ce qu’une droite ne sépare pas, un plan plié le peut" },
  },
  {
    id: "back-propagation",
    en: { title: "Back-propagation", idea: "The chain rule, with its numbers, from the loss back to each weight" },
    fr: { title: "La rétropropagation", idea: "La règle de la chaîne, avec ses nombres, de la perte à chaque poids" },
  },
  {
    id: "gradient-descent",
    en: { title: "Gradient descent", idea: "Walking downhill: how long a step, and when to stop" },
    fr: { title: "La descente de gradient", idea: "Descendre la pente : quelle longueur de pas, et quand s’arrêter" },
  },
  {
    id: "playground",
    en: { title: "The playground", idea: "Your own network, on your own data, neuron by neuron" },
    fr: { title: "Le bac à sable", idea: "Votre réseau, sur vos données, neurone par neurone" },
  },
  {
    id: "universality",
    en: { title: "Universality", idea: "Draw any curve: a few neurons follow it, more follow it closely" },
    fr: { title: "L’universalité", idea: "Dessinez une courbe : quelques neurones la suivent, davantage l’épousent" },
  },
  {
    id: "digits",
    en: { title: "Digits", idea: "A network learns to read handwriting in front of you, then reads yours" },
    fr: { title: "Les chiffres", idea: "Un réseau apprend à lire sous vos yeux, puis lit votre écriture" },
  },
] as const;

export type ChapterId = (typeof chapters)[number]["id"];
export type Language = "en" | "fr";
