// A method works for every architecture, its places given as functions.
using Pyvene.Typed.Descriptors;

Console.WriteLine(Ablate(Gpt2.Experiment, Gpt2.AllLayers.Of(12), layer => layer.MlpOutput));
Console.WriteLine(Ablate(Llama.Experiment, Llama.AllLayers.Of(16), layer => layer.AttentionOutput));

static Experiment<TModel, NoSource> Ablate<TModel, TLayer>(Experiment<TModel, NoSource> start, IEnumerable<TLayer> layers, Func<TLayer, Site<TModel>> place)
    where TModel : IArchitecture => layers.Aggregate(start, (experiment, layer) => experiment.Zero(place(layer)));
