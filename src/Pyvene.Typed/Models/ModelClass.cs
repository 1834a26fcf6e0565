using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models;

/// <summary>Is a model class that can be built from a configuration.</summary>
/// <param name="Name">Its name in transformers, such as <c>GPT2LMHeadModel</c>.</param>
/// <param name="ModelType">The <c>model_type</c> of the configurations that it takes.</param>
/// <param name="Fields">What it makes of the fields of a configuration.</param>
/// <param name="Build">Builds it with unwritten parameters, which are made where and as it is told.</param>
internal sealed record ModelClass(string Name, string ModelType, ConfigTable Fields, Func<ModelConfig, Weights, PretrainedModel> Build);
