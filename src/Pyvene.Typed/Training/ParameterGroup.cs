namespace Pyvene.Typed.Training;

/// <summary>Is parameters that learn at a rate of their own.</summary>
/// <param name="Name">
/// The end of the parameters' names, such as <c>intervention_boundaries</c>, <c>original</c> of a rotation, or <c>h.3.mlp.c_fc.weight</c> of a model.
/// </param>
/// <param name="LearningRate">The learning rate, at least 0; 0 keeps the parameters as they are.</param>
/// <param name="WeightDecay">The weight decay; <see langword="null"/> = the optimiser's.</param>
public sealed record ParameterGroup(string Name, double LearningRate, double? WeightDecay = null);
