using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>The functions that an expression may call.</summary>
internal static class ExpressionFunctions
{
    private static readonly Dictionary<string, (int Fewest, int Most, Func<Tensor[], Tensor> Call)> Known = new()
    {
        ["tanh"] = (1, 1, values => values[0].tanh()),
        ["sigmoid"] = (1, 1, values => values[0].sigmoid()),
        ["transpose"] = (3, 3, values => values[0].transpose(values[1].item<long>(), values[2].item<long>())),
        ["relu"] = (1, 1, values => values[0].relu()),
        ["abs"] = (1, 1, values => values[0].abs()),
        ["sqrt"] = (1, 1, values => values[0].sqrt()),
        ["exp"] = (1, 1, values => values[0].exp()),
        ["sign"] = (1, 1, values => values[0].sign()),
        ["zeros_like"] = (1, 1, values => zeros_like(values[0])),
        ["mean"] = (1, 1, values => values[0].mean([-1], keepdim: true)),
        ["where"] = (3, 3, values => where(values[0], values[1], values[2])),
        ["clamp"] = (2, 3, values => values.Length == 2
            ? maximum(values[0], Like(values[1], values[0]))
            : clamp(values[0], Like(values[1], values[0]), Like(values[2], values[0]))),
    };

    /// <summary>Finds a function: <c>tanh sigmoid relu abs sqrt exp sign zeros_like</c>, <c>transpose(value, axis, axis)</c>,
    /// <c>mean</c> over the last axis, which is kept,
    /// <c>where(condition, a, b)</c> and <c>clamp(value, low[, high])</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">How many arguments it is called with.</param>
    /// <param name="call">The function.</param>
    /// <param name="problem">What is wrong with the call, where there is no such function.</param>
    public static bool TryFind(string name, int arguments, out Func<Tensor[], Tensor> call, out string problem)
    {
        (call, problem) = (_ => throw new InvalidOperationException(), "");
        if (!Known.TryGetValue(name, out var function))
            problem = $"there is no function '{name}'; there are {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}";
        else if (arguments < function.Fewest || arguments > function.Most)
            problem = $"'{name}' takes {function.Fewest}{(function.Most > function.Fewest ? $" to {function.Most}" : "")} arguments, not {arguments}";
        else
            call = function.Call;
        return problem.Length == 0;
    }

    private static Tensor Like(Tensor bound, Tensor value) => bound.to(value.dtype, value.device);
}
