using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Is a model as cases call it: one of the library's, or a module that a folder describes.</summary>
internal interface IGoldenModel
{
    /// <summary>The model; it stays this object's.</summary>
    nn.Module Module { get; }

    /// <summary>Reads the arguments of a case's call.</summary>
    /// <exception cref="UnsupportedCaseException">The model lacks an argument.</exception>
    ModelInputs Inputs(GoldenCase golden);

    /// <summary>Returns the arguments that hold real numbers, by the names that the case gives them.</summary>
    IReadOnlyDictionary<string, Tensor> RealArguments(GoldenCase golden, ModelInputs inputs);

    /// <summary>Calls the model. What it returns belongs to the current dispose scope.</summary>
    ModelOutput Call(ModelInputs inputs);

    /// <summary>Returns an output with the names that a case gives its tensors.</summary>
    /// <param name="golden">The case of the call.</param>
    /// <param name="output">What the call returned.</param>
    ModelOutput Named(GoldenCase golden, ModelOutput output);
}
