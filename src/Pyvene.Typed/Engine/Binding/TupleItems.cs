using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Sees the arguments or the result of a module as one row of items: the elements of a tuple count one by one, also those of a tuple inside (an LSTM cell's
/// state).
/// </summary>
internal static class TupleItems
{
    /// <summary>Returns the types of the items of a type: its own, or those of a tuple's elements.</summary>
    public static IEnumerable<Type> Leaves(Type type)
    {
        var tuple = Nullable.GetUnderlyingType(type) ?? type;
        return tuple.IsValueType && tuple.IsAssignableTo(typeof(ITuple)) ? tuple.GetGenericArguments().SelectMany(Leaves) : [type];
    }

    /// <summary>Returns a value in which the function has replaced the item of a point; the value itself when it returned null.</summary>
    /// <exception cref="InterventionException">The module was called without this item.</exception>
    public static T Replace<T>(T value, HookPoint point, Func<Tensor, Tensor?> see)
    {
        var left = point.Item;
        return (T)Visit(value, typeof(T), ref left, point, see)!;
    }

    private static object? Visit(object? value, Type type, ref int left, HookPoint point, Func<Tensor, Tensor?> see)
    {
        switch (value)
        {
            case ITuple tuple:
                var types = value.GetType().GetGenericArguments();
                object?[]? items = null;
                for (var index = 0; index < tuple.Length && left >= 0; index++)
                {
                    var item = Visit(tuple[index], types[index], ref left, point, see);
                    if (!ReferenceEquals(item, tuple[index]) && left < 0)
                    {
                        items ??= [.. Enumerable.Range(0, tuple.Length).Select(at => tuple[at])];
                        items[index] = item;
                    }
                }

                return items is null ? value : Activator.CreateInstance(value.GetType(), items);
            case Tensor tensor:
                return left-- == 0 ? see(tensor) ?? tensor : tensor;
            default:
                var count = Leaves(type).Count();
                if (left >= 0 && left < count)
                {
                    throw new InterventionException("component", $"{point} was called without this argument, so there is nothing to read or write.");
                }

                left -= count;
                return value;
        }
    }
}
